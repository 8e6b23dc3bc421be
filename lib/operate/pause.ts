/**
 * Stops and resumes the stages: by their event source mappings, as which nothing is lost; what comes waits in the queues.
 * That it is so on purpose is kept as the setting `paused`: a deployment may switch a mapping on again.
 */
import {
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { names } from '../model/names.ts';
import { pause as untilThen } from '../runtime/clock.ts';
import { audited, noted } from './audit.ts';
import { type Elsewhere, elsewhere, tellElsewhere } from './elsewhere.ts';
import { writePaused } from './stored-settings.ts';
import { RefusedError, stageKnown, type Target } from './target.ts';

export interface PauseOptions {
  /** Also the sequencer on the stage's inbox: what comes is then not even put in order. */
  readonly intake?: boolean | undefined;
  /** The pipeline's other regions: the setting is written there too, so that it holds after a failover. Default none. */
  readonly alsoIn?: readonly Target[] | undefined;
  /** Why; needed unless it is a dry run. */
  readonly note: string | undefined;
  /** Say what would be switched, and change nothing. */
  readonly dryRun?: boolean | undefined;
  /** Seconds after which it counts as not reached; default 300. AWS takes up to some minutes. */
  readonly patience?: number;
  readonly signal?: AbortSignal | undefined;
  /** Waits between two looks; default: by this machine's clock. */
  readonly wait?: ((milliseconds: number) => Promise<void>) | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** A mapping, and whether it is as it should be. */
export interface Switched {
  readonly queue: string;
  readonly function: string;
  /** As Lambda calls it: `Enabled`, `Disabling` … */
  readonly state: string;
  readonly reached: boolean;
  /** Whether it was so before. */
  readonly before: boolean;
}

export interface Turned {
  readonly switched: readonly Switched[];
  /** Why the setting could not be written, if it could not; the mapping is switched all the same. */
  readonly unwritten: string | undefined;
  /** What became of the setting in the other regions. Nothing is switched there. */
  readonly elsewhere: readonly Elsewhere[];
}

/** Stops a stage. What it has in hand it finishes. @throws UsageError when there is no such stage, or no note */
export const pause = (target: Target, stage: string, options: PauseOptions): Promise<Turned> =>
  turn(target, stage, { ...options, enabled: false });

/** Lets a stage go on. @throws UsageError when there is no such stage, or no note */
export const resume = (target: Target, stage: string, options: PauseOptions): Promise<Turned> =>
  turn(target, stage, { ...options, enabled: true });

type Turning = PauseOptions & { readonly enabled: boolean };

async function turn(target: Target, stage: string, options: Turning): Promise<Turned> {
  const { enabled, intake = false, note, dryRun, alsoIn = [] } = options;
  stageKnown(target, stage);
  if (!dryRun) noted({ what: enabled ? 'resume' : 'pause', note });
  const all = await mappingsOf(target, stage);
  const mappings = intake ? [all.intake, all.stage] : [all.stage];
  if (dryRun) {
    const before = mappings.map((mapping) => switched(mapping, { enabled, before: isAs(mapping, enabled) }));
    return { switched: before, unwritten: undefined, elsewhere: [] };
  }
  const switchAll = () => Promise.all(mappings.map((mapping) => turnOne(target, mapping, options)));
  const write = () =>
    writePaused(target, stage, !enabled).then(
      () => undefined,
      (error: Error) => `${error.name}: ${error.message}`,
    );
  return audited(
    target,
    { what: enabled ? 'resume' : 'pause', note, on: { stage, intake } },
    {
      // No function that is fed may read that it is paused, but for the moment in which that is no longer so.
      run: async () => {
        const unwritten = enabled ? await write() : undefined;
        const done = await switchAll();
        return {
          switched: done,
          unwritten: enabled ? unwritten : await write(),
          elsewhere: await elsewhere(alsoIn, (other) => writePaused(other, stage, !enabled)),
        };
      },
      tell: ({ switched: done, unwritten, elsewhere: told }) =>
        `${done.map((one) => `${one.queue} ${one.state}`).join(', ')}${unwritten === undefined ? '' : `; the setting: ${unwritten}`}${tellElsewhere(told)}`,
    },
  );
}

/** The mapping that feeds a stage from its queue, and the one that feeds the sequencer from the stage's inbox. */
export async function mappingsOf(target: Target, stage: string): Promise<Mappings> {
  const { deployment } = target;
  return {
    stage: await mappingOf(target, names.live(names.function(deployment, stage)), names.queue(deployment, stage)),
    intake: await mappingOf(target, names.live(names.sequencer(deployment)), names.inbox(deployment, stage)),
  };
}

export interface Mappings {
  readonly stage: EventSourceMappingConfiguration;
  readonly intake: EventSourceMappingConfiguration;
}

const queueOf = ({ EventSourceArn = '' }: EventSourceMappingConfiguration): string => EventSourceArn.split(':').at(-1)!;

async function mappingOf(
  target: Target,
  FunctionName: string,
  queue: string,
): Promise<EventSourceMappingConfiguration> {
  let Marker: string | undefined;
  do {
    const page = await target.lambda
      .send(new ListEventSourceMappingsCommand({ FunctionName, ...(Marker === undefined ? {} : { Marker }) }))
      .catch((error: Error) => {
        if (error.name !== 'ResourceNotFoundException') throw error;
        return { EventSourceMappings: [], NextMarker: undefined };
      });
    const found = page.EventSourceMappings?.find((mapping) => queueOf(mapping) === queue);
    if (found) return found;
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  throw new RefusedError(
    `nothing feeds ${FunctionName} from ${queue} in ${target.region}; is ${names.base(target.deployment)} deployed there?`,
  );
}

const wanted = (enabled: boolean): string => (enabled ? 'Enabled' : 'Disabled');
const isAs = ({ State }: EventSourceMappingConfiguration, enabled: boolean): boolean => State === wanted(enabled);

const switched = (
  mapping: EventSourceMappingConfiguration,
  { enabled, before }: { enabled: boolean; before: boolean },
): Switched => ({
  queue: queueOf(mapping),
  function: mapping.FunctionArn!.split(':')[6]!,
  state: mapping.State!,
  reached: isAs(mapping, enabled),
  before,
});

/** Between two looks at the state; short at first, for the local cloud needs no time. */
const LOOKS_MS = [20, 200, 1000, 3000];

/** Switches a mapping and waits until it is so, or patience is over. */
export async function turnOne(
  target: Target,
  mapping: EventSourceMappingConfiguration,
  options: Turning,
): Promise<Switched> {
  const { enabled, patience = 300, signal, onProgress, wait = (length) => untilThen(length, signal) } = options;
  if (isAs(mapping, enabled)) return switched(mapping, { enabled, before: true });
  const { lambda } = target;
  const { UUID } = mapping;
  let current: EventSourceMappingConfiguration = await lambda.send(
    new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }),
  );
  let waited = 0;
  for (let look = 0; !isAs(current, enabled) && waited < patience * 1000 && !signal?.aborted; look++) {
    onProgress?.(`${queueOf(mapping)}: ${current.State}`);
    const length = LOOKS_MS[Math.min(look, LOOKS_MS.length - 1)]!;
    await wait(length).catch(() => {});
    waited += length;
    current = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
  }
  return switched(current, { enabled, before: false });
}
