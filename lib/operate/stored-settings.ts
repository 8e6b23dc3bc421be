/** The settings of stages where they are stored: read all at once, and what is set written anew. */
import {
  DeleteParameterCommand,
  GetParametersByPathCommand,
  type Parameter,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { allSettings, DECLARED, names, SET } from '../model/names.ts';
import { type Problem, parse, type Value, type Values } from '../model/settings.ts';
import type { Stage } from '../model/stage.ts';
import { RefusedError, stageKnown, type Target } from './target.ts';

/** What is stored of a stage. */
export interface Stored {
  readonly stage: Stage;
  /** What the deployment says that its code declares; undefined where there is no deployment. */
  readonly declared: Readonly<Record<string, unknown>> | undefined;
  /** What is set, as far as it can be. */
  readonly values: Values;
  /** What of it cannot be. */
  readonly problems: readonly Problem[];
  /** Of what is set; 0 where nothing is. */
  readonly version: number;
  readonly setAt: Date | undefined;
}

const storeOf = ({ clientOptions }: Target): SSMClient => new SSMClient(clientOptions);

/** What is stored of every stage, in the order of the pipeline. */
export async function storedSettings(target: Target): Promise<readonly Stored[]> {
  const { pipeline, deployment } = target;
  const found = new Map<string, Parameter>();
  const client = storeOf(target);
  let NextToken: string | undefined;
  do {
    const asked = { Path: allSettings(deployment), Recursive: true, ...(NextToken === undefined ? {} : { NextToken }) };
    const page = await client.send(new GetParametersByPathCommand(asked));
    for (const one of page.Parameters ?? []) found.set(one.Name!, one);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return pipeline.stages.map((stage: Stage): Stored => {
    const path = names.settings(deployment, stage.name);
    const declared = found.get(`${path}/${DECLARED}`);
    const set = found.get(`${path}/${SET}`);
    const { accepted, problems } = parse(stage, set?.Value ?? '{}');
    return {
      stage,
      declared: declared && JSON.parse(declared.Value!),
      values: accepted,
      problems,
      version: set?.Version ?? 0,
      setAt: set?.LastModifiedDate,
    };
  });
}

/**
 * What is stored of a stage.
 * @throws UsageError when there is no such stage, RefusedError when none is deployed in the region
 */
export async function storedOf(target: Target, name: string): Promise<Stored> {
  stageKnown(target, name);
  const stored = (await storedSettings(target)).find(({ stage }) => stage.name === name)!;
  if (stored.declared) return stored;
  const path = names.settings(target.deployment, name);
  throw new RefusedError(
    `there is nothing at ${path} in ${target.region}; is ${names.base(target.deployment)} deployed there?`,
  );
}

export interface Written {
  /** Whether somebody else wrote between our look and our write: what they set may be gone. */
  readonly overtook: boolean;
}

/**
 * Writes what is set, all of it; nothing is set where there is nothing.
 * @throws whatever Parameter Store answers, such as ParameterAlreadyExists when somebody was faster
 */
export async function writeSet(target: Target, { stage, version }: Stored, values: Values): Promise<Written> {
  const client = storeOf(target);
  const Name = `${names.settings(target.deployment, stage.name)}/${SET}`;
  if (Object.keys(values).length === 0) {
    if (version > 0) await client.send(new DeleteParameterCommand({ Name }));
    return { overtook: false };
  }
  const put = new PutParameterCommand({ Name, Type: 'String', Value: JSON.stringify(values), Overwrite: version > 0 });
  const { Version } = await client.send(put);
  return { overtook: Version !== version + 1 };
}

/** The setting that the event source follows. */
export const PAUSED = 'paused';

/** Writes that a stage is, or is no longer, to be paused. */
export async function writePaused(target: Target, stage: string, paused: boolean): Promise<void> {
  const stored = await storedOf(target, stage);
  if ((stored.values[PAUSED] ?? false) === paused) return;
  const { [PAUSED]: _, ...others } = stored.values;
  await writeSet(target, stored, paused ? { ...others, [PAUSED]: true } : others);
}

/** A change of what is set, setting by setting; undefined is for what is not set. */
export interface Change {
  readonly setting: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

export const changesBetween = (before: Values, after: Values): readonly Change[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((setting) => before[setting] !== after[setting])
    .map((setting) => ({ setting, before: before[setting], after: after[setting] }));

export const tellChanges = (changes: readonly Change[]): string =>
  changes.length === 0
    ? 'nothing changed'
    : changes.map(({ setting, before, after }) => `${setting} ${before ?? '–'} → ${after ?? '–'}`).join(', ');
