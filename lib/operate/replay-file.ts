/** Puts events of a file on the bus again, whole, as they were: ids, numbers and all. */
import { type CloudEvent, isMalformed, readEnvelope } from '../model/envelope.ts';
import { names } from '../model/names.ts';
import { type Refusal, sendEvents } from '../runtime/send-events.ts';
import { audited } from './audit.ts';
import { mustBeKnown } from './horizon.ts';
import { type Target, UsageError } from './target.ts';

export interface FileReplayOptions {
  readonly type?: string | undefined;
  readonly entity?: string | undefined;
  /** Why; needed unless it is a dry run. */
  readonly note: string | undefined;
  /** Say what would be said again, and change nothing. */
  readonly dryRun?: boolean | undefined;
  /** Names the events, for the trail. */
  readonly file: string;
}

export interface FileReplay {
  readonly said: readonly CloudEvent[];
  readonly refused: readonly Refusal[];
}

/**
 * Says events again. They go to all stages that hear them; those that have them completed say again what they said.
 * @throws UsageError without a note, or when an event happened too long ago to be known still
 */
export async function replayEvents(
  target: Target,
  events: readonly CloudEvent[],
  { type, entity, note, dryRun, file }: FileReplayOptions,
): Promise<FileReplay> {
  const chosen = events.filter(
    (event) => (type === undefined || event.type === type) && (entity === undefined || event.partitionkey === entity),
  );
  for (const { id, time } of chosen)
    mustBeKnown(target, {
      what: `${file}: the time of ${id}`,
      time,
      remedy:
        'send a letter back from where it lies; what no stage has ever had is an event of its own, with an id of its own',
    });
  if (dryRun) return { said: chosen, refused: [] };
  return audited(
    target,
    { what: 'replay', note, on: { file, type, entity, events: chosen.length } },
    {
      run: async () => {
        const refused = await sendEvents({ client: target.events, bus: names.bus(target.deployment) }, chosen);
        return { said: chosen.filter((event) => !refused.some((one) => one.event === event)), refused };
      },
      tell: ({ said, refused }) => `${said.length} said again, ${refused.length} refused`,
    },
  );
}

/**
 * Reads a file of events: one or a list, each an envelope, what EventBridge carries with an envelope in it, or what
 * `dlq show --json` prints.
 * @throws UsageError when it is something else
 */
export function readEvents(text: string, file: string): readonly CloudEvent[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`);
  }
  return (Array.isArray(parsed) ? parsed : [parsed]).map((one, index) => {
    const body = one?.body ?? one;
    const event = readEnvelope(body?.specversion === undefined && body?.detail ? body.detail : body);
    if (!isMalformed(event)) return event;
    const hint =
      typeof one?.data === 'object' && one?.specversion === undefined
        ? '; entry events without envelope are for: send'
        : '';
    throw new UsageError(`${file}: event ${index + 1}: ${event.malformed}${hint}`);
  });
}
