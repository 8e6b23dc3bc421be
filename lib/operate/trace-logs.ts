/** What functions logged under a correlation. */
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { names } from '../model/names.ts';
import type { Target } from './target.ts';
import type { Step } from './trace.ts';

export interface Logged {
  readonly steps: readonly Step[];
  /** What could not be read, and why. */
  readonly notes: readonly string[];
}

/** @param from milliseconds since 1970; before that the logs are not searched */
export async function readLogs(target: Target, correlation: string, from: number): Promise<Logged> {
  const { pipeline } = target;
  const client = new CloudWatchLogsClient(target.clientOptions);
  const read = await Promise.all(
    pipeline.stages.map(async ({ name: stage }): Promise<Logged> => {
      const group = names.logGroup(target.deployment, stage);
      try {
        return { steps: await linesOf(client, { group, stage, correlation, from }), notes: [] };
      } catch (error) {
        return { steps: [], notes: [`the log ${group} could not be read: ${(error as Error).message}`] };
      }
    }),
  );
  return { steps: read.flatMap(({ steps }) => steps), notes: read.flatMap(({ notes }) => notes) };
}

interface Search {
  readonly group: string;
  readonly stage: string;
  readonly correlation: string;
  readonly from: number;
}

async function linesOf(client: CloudWatchLogsClient, { group, stage, correlation, from }: Search): Promise<Step[]> {
  const steps: Step[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new FilterLogEventsCommand({
        logGroupName: group,
        startTime: Math.max(0, from),
        filterPattern: `{ $.correlation_id = ${JSON.stringify(correlation)} }`,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    for (const { message, timestamp } of page.events ?? [])
      steps.push(stepOf(message ?? '', { stage, at: timestamp ?? 0 }));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return steps;
}

function stepOf(text: string, { stage, at }: { stage: string; at: number }): Step {
  let line: any = {};
  try {
    line = JSON.parse(text);
  } catch {
    line = { message: text };
  }
  const { message, level, error, failure, event_id: eventId, event_type: type, entity, timestamp } = line;
  const own = { stage, eventId, type, entity, at: Date.parse(timestamp ?? '') || at };
  const told = failure ? `${failure.code}: ${failure.message}` : error?.message;
  const why = told === undefined ? '' : `: ${told}`;
  const kind = kinds[message as string];
  return {
    ...own,
    kind: kind ?? 'log',
    what: kind === undefined ? `${level ?? ''} ${message}${why}`.trim() : `${message}${why}`,
  };
}

/** What the runtime logs of an event (`lib/runtime/lambda.ts`). */
const kinds: Readonly<Record<string, Step['kind']>> = {
  completed: 'completed',
  'completed before; sent again': 'repeated',
  'not done; it stays in the queue': 'tried',
  'parked until those before it are applied': 'parked',
  'dead-lettered': 'refused',
};
