/** Any pipeline as a CDK app: keys of both regions, then the tables, then in both regions the pipeline and what watches it. */
import { App, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib/core';
import type { Pipeline } from '../model/pipeline.ts';
import type { PipelineConfig } from './config.ts';
import { agree } from './config-rules.ts';
import { DataStack } from './data-stack.ts';
import { FailoverStack } from './failover-stack.ts';
import { KeysStack } from './keys-stack.ts';
import { MonitorStack } from './monitor-stack.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { type Place, placeIn } from './place.ts';

export interface AppOptions {
  /** Where the cloud assembly goes; default: where the CDK CLI wants it, or a temporary folder. */
  readonly outdir?: string;
  /** Whether CDK's own rules judge the templates as they are written: seconds, so it is for tests and deployments. */
  readonly validation?: boolean;
  /** Rules that judge the templates besides: `guard-rules.ts`, and in tests those of cdk-nag. */
  readonly rules?: (app: App) => readonly IPolicyValidationPlugin[];
  /** The folder of the bundled functions: `<name>/index.js` for each stage, for the sequencer and for the check. */
  readonly functions: string;
  /** Feature flags, as in `cdk.json`. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** @throws DeclarationError when configuration and pipeline do not agree, Error when a bundle is missing */
export function pipelineApp(pipeline: Pipeline, config: PipelineConfig, options: AppOptions): App {
  agree(config, pipeline);
  const app = new App({
    ...(options.outdir === undefined ? {} : { outdir: options.outdir }),
    ...(options.validation === undefined ? {} : { builtinCloudFormationValidation: options.validation }),
    // What the CLI would set by itself: without it, neither SAM nor the local cloud finds the functions' code.
    context: { 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:enable-path-metadata': true, ...options.context },
    analyticsReporting: false,
    stackTraces: false,
    autoSynth: false,
  });
  if (options.rules) Validations.of(app).addPlugins(...options.rules(app));
  const { active, standby, home } = config.regions;
  const placed = (region: string): Place => placeIn(region, pipeline, config);
  const keys = new Map([active, standby].map((region) => [region, new KeysStack(app, placed(region))]));
  const data = new DataStack(app, placed(home));
  for (const key of keys.values()) data.addStackDependency(key);
  const monitors = new Map<string, MonitorStack>();
  for (const [region, { keyArn }] of keys) {
    const stages = new PipelineStack(app, placed(region), { keyArn, bundles: options.functions });
    stages.addStackDependency(data);
    const monitor = new MonitorStack(app, placed(region));
    monitor.addStackDependency(stages);
    monitors.set(region, monitor);
  }
  // Last, for an endpoint is of two buses that are there, and its alarms tell by the topics of both monitors.
  for (const [region, { keyArn }] of config.regions.failover === undefined ? [] : keys) {
    const failover = new FailoverStack(app, placed(region), { keyArn, bundles: options.functions });
    for (const monitor of monitors.values()) failover.addStackDependency(monitor);
  }
  return app;
}
