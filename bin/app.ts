/** What `cdk` runs. The environments of this pipeline are decided here; everything else is derived. */
import type { App } from 'aws-cdk-lib/core';
import cdk from '../cdk.json' with { type: 'json' };
import { type AppOptions, pipelineApp } from '../lib/infra/app.ts';
import { bundle, bundledFunctions } from '../lib/infra/bundle.ts';
import { configuration, type PipelineConfig, type Traffic } from '../lib/infra/config.ts';
import { pipeline } from './domain.ts';

/**
 * The witness keeps no data, but has a vote on which of the two may commit. Home is where the tables were first deployed: it
 * stays when active and standby change places.
 */
// `failover: {}` besides routes producers to the region that works; docs/guides/regions.md says what else it may do.
const regions = { active: 'eu-west-1', standby: 'eu-central-1', home: 'eu-west-1', witness: 'eu-west-3' };

export const environments: Readonly<Record<'dev' | 'prod', PipelineConfig>> = {
  dev: configuration({ environment: 'dev', regions, outside: { payments: 'sandbox' } }),
  prod: configuration({
    environment: 'prod',
    regions,
    outside: { payments: 'https://payments.example.com' },
    retain: true,
    reserveConcurrency: true,
    // Alarms need minutes, and a tenth of the traffic needs more of them than all of it would.
    traffic: 'Canary10Percent10Minutes',
    logRetentionDays: 90,
    archiveDays: 30,
  }),
};

/** Builds the app; `synth()` writes it. Functions are taken from `dist/functions` unless told otherwise. */
export const buildApp = (config: PipelineConfig, options: Partial<Omit<AppOptions, 'context'>> = {}): App =>
  pipelineApp(pipeline, config, { functions: bundledFunctions, context: cdk.context, ...options });

/** @throws Error when there is no such environment */
function environmentNamed(name: string): PipelineConfig {
  const found = Object.entries(environments).find(([known]) => known === name);
  if (found) return found[1];
  const known = Object.keys(environments).join(', ');
  throw new Error(
    `there is no environment ${JSON.stringify(name)}; there are ${known}: use ENVIRONMENT=… or cdk -c environment=…`,
  );
}

/**
 * What `cdk -c environment=…` says, or the variable ENVIRONMENT. `-c traffic=…` is for one deployment: `AllAtOnce` puts
 * right what alarms would not let through.
 * @throws Error when there is no such environment, or no such way to shift traffic
 */
function chosen(): PipelineConfig {
  const context: { environment?: string; traffic?: Traffic } = JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}');
  const config = environmentNamed(context.environment ?? process.env.ENVIRONMENT ?? 'dev');
  return context.traffic === undefined ? config : configuration({ ...config, traffic: context.traffic });
}

if (import.meta.main) {
  const config = chosen();
  await bundle();
  // As `cdk --no-validation` says it, which is for whoever wants the templates at once.
  const validation = process.env.CDK_VALIDATION !== 'false';
  const { guard } = await import('../lib/infra/guard-rules.ts');
  buildApp(config, {
    outdir: process.env.CDK_OUTDIR ?? 'cdk.out',
    ...(validation ? { rules: () => [guard()] } : {}),
  }).synth();
}
