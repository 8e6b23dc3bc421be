/** Templates for tests: synthesised once for each configuration, around functions that are one line long. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib/core';
import { afterAll } from 'vitest';
import cdk from '../../../cdk.json' with { type: 'json' };
import { type AppOptions, pipelineApp } from '../../../lib/infra/app.ts';
import type { PipelineConfig } from '../../../lib/infra/config.ts';
import type { Pipeline } from '../../../lib/model/pipeline.ts';
import { bank, dev } from './bank.ts';

export interface Resource {
  readonly id: string;
  readonly Type: string;
  readonly Properties: any;
  readonly Metadata?: any;
  readonly DependsOn?: readonly string[];
  readonly UpdatePolicy?: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Synthesised {
  readonly folder: string;
  /** The names of all stacks. */
  readonly stacks: readonly string[];
  /** A template as it was written. */
  template(stack: string): any;
  /** Resources of a type, with each reference within the stack replaced by the name it means: `{Ref: …}` and `{Fn::GetAtt: …}` alike. */
  resources(stack: string, type?: string): readonly Resource[];
  readonly manifest: any;
}

/** A folder that is gone after the tests of the file. */
export const scratch: string = mkdtempSync(join(tmpdir(), 'infra-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A folder of functions that do nothing, one for each stage, the sequencer, and what else the platform has. */
export function idleFunctions(pipeline: Pipeline): string {
  const folder = mkdtempSync(join(scratch, 'functions-'));
  for (const name of [...pipeline.stages.map((stage) => stage.name), 'sequencer', 'check', 'canary', 'failover']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.js'), `exports.handler = async () => '${name}';\n`);
  }
  return folder;
}

export function synthesise(
  config: PipelineConfig = dev,
  {
    pipeline = bank,
    validation = false,
    rules,
  }: { pipeline?: Pipeline } & Pick<AppOptions, 'validation' | 'rules'> = {},
): Synthesised {
  const outdir = mkdtempSync(join(scratch, 'cdk-'));
  const functions = idleFunctions(pipeline);
  const app = { outdir, validation, functions, context: cdk.context, ...(rules ? { rules } : {}) };
  pipelineApp(pipeline, config, app).synth();
  return readTemplates(outdir);
}

/** What rules say of the templates: findings, and those that were acknowledged; synthesis ends in an error for the former. */
export function judged(
  config: PipelineConfig,
  { pipeline = bank, ...options }: { pipeline?: Pipeline } & Pick<AppOptions, 'validation' | 'rules'>,
): { readonly reports: readonly any[]; readonly app: App } {
  const outdir = mkdtempSync(join(scratch, 'cdk-'));
  const app = pipelineApp(pipeline, config, {
    outdir,
    functions: idleFunctions(pipeline),
    context: cdk.context,
    ...options,
  });
  try {
    app.synth();
  } catch (error) {
    if (!(error instanceof Error) || !/ValidationFailed|validation/i.test(`${error.name} ${error.message}`))
      throw error;
  }
  return { app, reports: JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')).pluginReports };
}

/** What a cloud assembly says. */
export function readTemplates(folder: string): Synthesised {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const manifest = read('manifest.json');
  const stacks = Object.entries<any>(manifest.artifacts).flatMap(([id, { type }]) =>
    type === 'aws:cloudformation:stack' ? [id] : [],
  );
  const template = remembered((stack) => read(`${stack}.template.json`));
  const resourcesOf = remembered((stack): readonly Resource[] =>
    Object.entries<any>(template(stack).Resources).map(([id, resource]) => ({
      id,
      ...resource,
      Properties: named(resource.Properties, template(stack).Resources),
    })),
  );
  return {
    folder,
    stacks,
    manifest,
    template,
    resources: (stack, type) => resourcesOf(stack).filter(({ Type }) => type === undefined || Type === type),
  };
}

function remembered<T>(make: (stack: string) => T): (stack: string) => T {
  const made = new Map<string, T>();
  return (stack) => {
    if (!made.has(stack)) made.set(stack, make(stack));
    return made.get(stack)!;
  };
}

const nameProperties = [
  'QueueName',
  'FunctionName',
  'RoleName',
  'TopicName',
  'Name',
  'LogGroupName',
  'ManagedPolicyName',
];

function named(value: any, resources: any): any {
  if (Array.isArray(value)) return value.map((item) => named(item, resources));
  if (typeof value !== 'object' || value === null) return value;
  const id = value.Ref ?? value['Fn::GetAtt']?.[0];
  if (id !== undefined)
    return nameProperties.map((property) => resources[id]?.Properties[property]).find((name) => name) ?? id;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, named(member, resources)]));
}

/** Every string, number and object inside a value, with the path to it. */
export function* walk(value: unknown, path = ''): Generator<[string, unknown]> {
  yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) yield* walk(member, `${path}/${key}`);
}

export const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);
