/**
 * What has to happen sometimes, over many seeds, or the run has shown nothing: a fault that never meets the code that
 * copes with it proves nothing of that code. Each fact is read from the journal, not from what the faults intended.
 */
import type { SimulateResult } from './run.ts';

type Line = SimulateResult['lines'][number];

export interface Sometimes {
  readonly name: string;
  readonly happened: (result: SimulateResult, index: Index) => boolean;
  /** The variant that makes it frequent: with the limits of the pipeline it happens too seldom to be missed. */
  readonly variant?: string;
}

/** The lines of a run by what they are, so that each fact need not read them all. */
export interface Index {
  readonly of: (action: string) => readonly Line[];
  /** Notes of faults that struck, by name. */
  readonly struck: (fault: string, action?: string) => readonly Line[];
}

export const fact = (
  name: string,
  happened: Sometimes['happened'],
  more: Pick<Sometimes, 'variant'> = {},
): Sometimes => ({ name, happened, ...more });

const struckAt =
  (fault: readonly string[], action: string) =>
  (_: SimulateResult, { struck }: Index) =>
    fault.some((name) => struck(name, action).length > 0);

const keyOfUpdate = (line: Line): string => line.input.Key?.id?.S ?? '';
const conditionFailed = ({ error }: Line) => error?.code === 'ConditionalCheckFailedException';
const isLease = (line: Line) =>
  line.input.ExpressionAttributeValues?.[':inprogress'] !== undefined &&
  /SET #status = :inprogress/.test(line.input.UpdateExpression ?? '');

export const sometimes: readonly Sometimes[] = [
  fact('a dead letter by receives', ({ history }) => history.deadLettered.some(({ by }) => by === 'queue')),
  fact('a dead letter by refusal', ({ history }) =>
    history.deadLettered.some(({ by, reason }) => by === 'stage' && reason !== 'attempts'),
  ),
  fact('an event in quarantine', ({ history }) => history.quarantined.length > 0),
  fact('an event of an older schema refused', ({ history }) => refusedSchemas(history).some(([of, read]) => of < read)),
  fact('an event of a newer schema refused', ({ history }) => refusedSchemas(history).some(([of, read]) => of > read)),
  fact('an oversized event refused', ({ history }) =>
    history.quarantined.some(({ detail }) => /has \d+ bytes; allowed are/.test(detail)),
  ),
  fact('a known id with other data refused', ({ history }) =>
    history.deadLettered.some(({ reason }) => reason === 'id-reused'),
  ),
  fact('a redelivery that said stored events again', ({ history }) => saidAgain(history)),
  fact('a message handed out twice', (_, { of }) => handedOutTwice(of('ReceiveMessage'))),
  fact('a commit whose answer was lost', struckAt(['response-lost', 'error-after'], 'TransactWriteItems')),
  fact('a function killed right after its commit', struckAt(['crash-after'], 'TransactWriteItems')),
  fact('a function killed right before its commit', struckAt(['crash-before', 'request-lost'], 'TransactWriteItems')),
  fact('a handler run anew after a stale read', (_, { of }) => ranAnew(of('TransactWriteItems'))),
  fact('an expired lease taken over', (_, { of }) => takenOver(of('UpdateItem'))),
  fact('a lease that somebody else held', (_, { of }) =>
    of('UpdateItem').some((line) => isLease(line) && conditionFailed(line)),
  ),
  fact('a partial PutEvents repaired', (_, { of }) => repaired(of('PutEvents'))),
  fact('a cold start killed', (_, { struck }) => struck('crash-at-start').length > 0),
  fact('an invocation out of time', (_, { of }) =>
    of('InvocationFailed').some(({ input }) => /timed out/i.test(input.errorMessage ?? '')),
  ),
  fact('a batch answered in part', (_, { of }) => of('BatchItemsFailed').some(({ input }) => input.why === undefined)),
  fact('a batch answered with nonsense', (_, { of }) =>
    of('BatchItemsFailed').some(({ input }) => input.why !== undefined),
  ),
  fact('an event parked', ({ history }) => history.parked.length > 0),
  fact('a parked event released', ({ history }) => releasedBehind(history)),
  fact(
    'a redrive that completes an event',
    ({ history }) => history.commits.some(({ redrives, failure }) => redrives > 0 && !failure) || redriven(history),
  ),
  fact('an effect that an outside system refused to repeat', (_, { of }) =>
    of('PutItem').some((line) => conditionFailed(line)),
  ),
  fact('a key that was refused', ({ history }) => history.denied.some(({ action }) => action.startsWith('kms:'))),
  fact('a delivery in the dead-letter queue of the bus', (_, { of }) => of('DeliveryDeadLettered').length > 0),
  fact('an alarm', (_, { of }) => of('AlarmChangedState').some(({ input }) => input.to === 'ALARM')),
  fact('an alarm that was over', (_, { of }) =>
    of('AlarmChangedState').some(({ input }) => input.from === 'ALARM' && input.to === 'OK'),
  ),
  fact('a breaker opened', (_, { of }) => of('UpdateItem').concat(of('PutItem')).some(isBreakerOpened)),
  fact('a function deployed in mid-flight', (_, { struck }) => struck('deployment').length > 0),
  fact('old code at work beside new', ({ lines }) => oldBesideNew(lines)),
  fact('an archive replayed', (_, { struck }) => struck('replay-storm').length > 0),
];

/**
 * Names of what happened in a run.
 * @param among what is looked for; default: what is looked for in one region
 */
export function factsOf(result: SimulateResult, among: readonly Sometimes[] = sometimes): readonly string[] {
  const byAction = new Map<string, Line[]>();
  for (const line of result.lines) {
    const known = byAction.get(line.action);
    if (known) known.push(line);
    else byAction.set(line.action, [line]);
  }
  const of = (action: string): readonly Line[] => byAction.get(action) ?? [];
  const struck = (fault: string, action?: string) =>
    of('FaultStruck').filter(({ input }) => input.fault === fault && (action ?? input.action) === input.action);
  return among.filter(({ happened }) => happened(result, { of, struck })).map(({ name }) => name);
}

type History = SimulateResult['history'];

/** The versions of schemas that were not those that the pipeline reads, and of the latter. */
const refusedSchemas = ({ quarantined }: History): readonly (readonly [of: number, read: number])[] =>
  quarantined.flatMap(({ detail }) => {
    const [, of, read] = /dataschema is \S+:(\d+); this pipeline reads \S+:(\d+)/.exec(detail) ?? [];
    return of === undefined ? [] : [[Number(of), Number(read)] as const];
  });

function saidAgain({ said, pipeline: { entries } }: History): boolean {
  const isEntry = new Set<string>(entries.map(({ type }) => type));
  const seen = new Set<string>();
  for (const { id, detailType } of said) {
    if (isEntry.has(detailType)) continue;
    if (seen.has(id)) return true;
    seen.add(id);
  }
  return false;
}

const handedOutTwice = (lines: readonly Line[]): boolean =>
  lines.some(({ output }) =>
    (output?.Messages ?? []).some((one: any) => Number(one.Attributes?.ApproximateReceiveCount) > 1),
  );

/** Two transactions for one record by one invocation, the first of them cancelled. */
function ranAnew(lines: readonly Line[]): boolean {
  const cancelled = new Set<string>();
  for (const { invocation, input, error } of lines) {
    for (const { Update } of input.TransactItems ?? []) {
      if (!Update || invocation === undefined) continue;
      const key = `${invocation} ${Update.Key?.id?.S}`;
      if (error?.code === 'TransactionCanceledException') cancelled.add(key);
      else if (!error && cancelled.has(key)) return true;
    }
  }
  return false;
}

/** A second lease on an event, though the first was neither given back nor turned into a commit. */
const takenOver = (lines: readonly Line[]): boolean => {
  const holding = new Map<string, string | undefined>();
  for (const line of lines) {
    if (line.error) continue;
    const key = keyOfUpdate(line);
    if (!isLease(line)) {
      holding.delete(key);
      continue;
    }
    const before = line.output?.Attributes;
    if (before?.status?.S === 'INPROGRESS' && before.in_progress_expiration?.N !== '0' && holding.has(key)) return true;
    holding.set(key, line.invocation);
  }
  return false;
};

/** An entry that the bus did not take, taken later. */
function repaired(lines: readonly Line[]): boolean {
  const refused = new Set<string>();
  for (const { input, output, error } of lines) {
    if (error) continue;
    for (const [index, { Detail }] of (input.Entries ?? []).entries()) {
      if (output?.Entries?.[index]?.EventId === undefined) refused.add(Detail);
      else if (refused.has(Detail)) return true;
    }
  }
  return false;
}

/** A parked event is committed by the invocation of the one before it. */
function releasedBehind({ parked, commits }: History): boolean {
  const waiting = new Set(parked.map(({ stage, eventId }) => `${stage}#${eventId}`));
  return commits.some(({ stage, eventId, failure }) => !failure && waiting.has(`${stage}#${eventId}`));
}

/** Given up by a queue, sent back, and then completed. */
function redriven({ deadLettered, sentBack, commits }: History): boolean {
  const back = new Map(sentBack.map(({ messageId, n }) => [messageId, n]));
  return deadLettered.some(({ messageId, stage, eventId }) =>
    commits.some(
      (one) =>
        one.stage === stage &&
        one.eventId === eventId &&
        !one.failure &&
        one.n > (back.get(messageId) ?? Number.POSITIVE_INFINITY),
    ),
  );
}

/** A stack is updated while a function works, and an environment of its new code is at work before the old one has ended. */
function oldBesideNew(lines: readonly Line[]): boolean {
  const running = new Map<string, string>();
  let old = new Map<string, string>();
  for (const { action, input } of lines) {
    if (action === 'FaultStruck' && input.fault === 'stack-update') old = new Map(running);
    else if (action === 'InvocationStarted') {
      if (input.coldStart && [...old.values()].includes(input.function)) return true;
      running.set(input.requestId, input.function);
    } else if (action === 'InvocationEnded' || action === 'InvocationFailed') {
      running.delete(input.requestId);
      old.delete(input.requestId);
    }
  }
  return false;
}

const isBreakerOpened = ({ input, error }: Line): boolean =>
  !error && /#breaker /.test(input.Key?.id?.S ?? input.Item?.id?.S ?? '') && JSON.stringify(input).includes('"open"');
