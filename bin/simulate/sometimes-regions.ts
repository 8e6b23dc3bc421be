/** What has to happen sometimes where two regions are looked at, read from the journal of both. */
import { ACTIVE } from '../../lib/model/authority.ts';
import { LETTER, names } from '../../lib/model/names.ts';
import { domainTablesOf } from '../../lib/model/pipeline.ts';
import { pipeline } from '../domain.ts';
import { localEnvironment } from '../start/prepare.ts';
import type { SimulateResult } from './run.ts';
import { fact, type Index, type Sometimes } from './sometimes.ts';

type Line = SimulateResult['lines'][number];
type History = SimulateResult['history'];

const deployment = { pipeline: pipeline.name, environment: localEnvironment };
const records = names.records(deployment);
const HOUR_MS = 3_600_000;
const domain = new Set(domainTablesOf(pipeline).map((table) => names.table(deployment, table)));

export const sometimesInRegions: readonly Sometimes[] = [
  fact('a region lost while functions work in it', ({ lines }) => lostAtWork(lines)),
  fact('a region lost again and again', (_, { of }) => of('RegionLost').length > 2),
  fact('a region cut off from all others', (_, { struck }) => struck('isolation').length > 0),
  fact('a link cut one way only', (_, { of }) => of('RegionsParted').some(({ input }) => input.way !== undefined)),
  fact('a replication that stood still', (_, { struck }) => struck('replication-pause').length > 0),
  fact('an event forwarded when the link was mended', (_, { of }) => forwardedLate(of('PutEvents'))),
  fact('a hand-over with a backlog', ({ history }, index) =>
    takesIn(index).some((take) => !take.back && hasBacklog(history, take.n)),
  ),
  fact('a way back with a backlog', ({ history }, index) =>
    takesIn(index).some((take) => take.back && hasBacklog(history, take.n)),
  ),
  fact('a hand-over while the other region was lost', (_, index) =>
    takesIn(index).some(({ n, from }) => isLost(index, from, n)),
  ),
  fact('a hand-over with both regions there', (_, index) =>
    takesIn(index).some(({ n, from, back }) => !back && !isLost(index, from, n)),
  ),
  fact('what was left in a region that returned, done later', (_, index) => cleanedUp(index)),
  fact('an event refused for want of authority, and completed later', ({ history }, index) =>
    refusedAndCompleted(history, index),
  ),
  fact('a transaction that came in part, written anew', (_, { of }) =>
    of('PutItem').some(({ input, error }) => !error && domain.has(input.TableName) && input.Item?.by !== undefined),
  ),
  fact('an event that may have been applied in a lost region, and waited for its return', (_, index) => waited(index), {
    variant: 'curt',
  }),
  fact('a hand-over taken up hours after it broke off', (_, { of }) => of('StartReplay').some(reachesBack)),
  fact('an event that only the second replay brought', ({ history }, { of }) =>
    broughtLate(history, of('SendMessage')),
  ),
  fact('a letter of a region that was left, sent back in the other', ({ history }, index) => sentOver(history, index)),
  fact('an event that both regions committed, with one outcome', ({ history }) =>
    history.committedAgain.some(({ differs }) => differs === undefined),
  ),
  fact('an outside system that both regions asked', ({ history }) => history.actedAgain.length > 0),
  fact('a write that another region’s later one replaced', (_, { of }) => of('ReplicationConflict').length > 0),
];

/** An operator's, who looks into the region that is not active as well. */
function sentOver({ deadLettered, quarantined }: History, { of }: Index): boolean {
  const where = new Map([...deadLettered, ...quarantined].map(({ messageId, region }) => [messageId, region]));
  return of('SendMessage').some(({ region, input, error }) => {
    const letters: string = (!error && input.MessageAttributes?.[LETTER]?.StringValue) || '';
    return letters.split(' ').some((letter) => where.has(letter) && where.get(letter) !== region);
  });
}

interface Take {
  readonly n: number;
  readonly from: string;
  /** Whether it is to where the pipeline began. */
  readonly back: boolean;
}

/** The authority changes hands. */
function takesIn({ of }: Index): readonly Take[] {
  const takes: Take[] = [];
  for (const { n, input, output, error } of of('UpdateItem')) {
    if (error || input.TableName !== names.authority(deployment) || input.Key?.id?.S !== ACTIVE) continue;
    const { region, home, before, epoch } = output?.Attributes ?? {};
    if (before === undefined || Number(epoch?.N) !== takes.length + 2) continue;
    takes.push({ n, from: before.S, back: region.S === home.S });
  }
  return takes;
}

/** Something that was said before was done after it. */
function hasBacklog({ said, commits }: History, n: number): boolean {
  const before = new Set(said.filter((one) => one.n < n).map(({ id }) => id));
  return commits.some((one) => one.n > n && before.has(one.eventId));
}

function isLost({ of }: Index, region: string, n: number): boolean {
  const last = (action: string) => of(action).findLast((line) => line.region === region && line.n < n)?.n ?? -1;
  return last('RegionLost') > last('RegionReturned');
}

function lostAtWork(lines: readonly Line[]): boolean {
  const running = new Map<string, string>();
  for (const { action, region, input } of lines) {
    if (action === 'InvocationStarted') running.set(input.requestId, region);
    else if (action === 'InvocationEnded' || action === 'InvocationFailed') running.delete(input.requestId);
    else if (action === 'RegionLost' && [...running.values()].includes(region)) return true;
  }
  return false;
}

/** The bus could not deliver to the other one, and did later. */
function forwardedLate(lines: readonly Line[]): boolean {
  const cut = new Set<string>();
  for (const { input, error } of lines) {
    const detail = input.Entries?.[0]?.Detail;
    if (error?.code === 'RegionUnreachable') cut.add(detail);
    else if (!error && cut.has(detail)) return true;
  }
  return false;
}

/** Rules are switched off in a region that had been lost, after another had taken over. */
const cleanedUp = (index: Index): boolean =>
  takesIn(index).some(
    ({ n, from }) =>
      isLost(index, from, n) &&
      index.of('DisableRule').some((line) => line.region === from && line.n > n && !line.error),
  );

/** Messages that failed, by the invocation that failed them, with what that invocation asked of the records. */
function failing({ of }: Index, leased: boolean): readonly Line[] {
  const leasing = new Set(
    ['BatchGetItem', 'GetItem', 'UpdateItem', 'TransactWriteItems'].flatMap((action) =>
      of(action).flatMap(({ invocation, input }) =>
        invocation !== undefined && JSON.stringify(input).includes(`"${records}"`) ? [invocation] : [],
      ),
    ),
  );
  return of('BatchItemsFailed').filter(
    ({ input }) => input.why === undefined && leasing.has(input.requestId) === leased,
  );
}

function refusedAndCompleted(history: History, index: Index): boolean {
  const eventOf = new Map(history.queued.map(({ messageId, stage, eventId }) => [messageId, `${stage}#${eventId}`]));
  const completed = new Map(history.commits.map(({ stage, eventId, n }) => [`${stage}#${eventId}`, n]));
  return failing(index, false).some(({ n, input }) =>
    (input.records ?? []).some((id: string) => (completed.get(eventOf.get(id) ?? '') ?? -1) > n),
  );
}

/** Five minutes is what such an event waits (`lib/runtime/torn.ts`), and the invocation had looked at its records. */
function waited(index: Index): boolean {
  const looked = new Set(failing(index, true).map(({ input }) => input.requestId));
  return index
    .of('ChangeMessageVisibilityBatch')
    .some(
      ({ invocation, input }) =>
        invocation !== undefined &&
        looked.has(invocation) &&
        (input.Entries ?? []).some((entry: any) => entry.VisibilityTimeout === 300),
    );
}

/** An hour before the hand-over is what it replays otherwise, and what takes it is far below another; others' replays have other names. */
const reachesBack = ({ input, error }: Line): boolean =>
  !error &&
  String(input.ReplayName).startsWith(names.base(deployment)) &&
  milliseconds(input.EventEndTime) - milliseconds(input.EventStartTime) > 2 * HOUR_MS;

/** On the wire a time is seconds. */
const milliseconds = (time: number | Date): number => (typeof time === 'number' ? time * 1000 : time.getTime());

/** An archive is late: what was not in it at the first replay comes with the second. */
function broughtLate({ commits }: History, sent: readonly Line[]): boolean {
  const first = new Set<string>();
  for (const { n, input, error } of sent) {
    const [, name] = /"replay-name":"([^"]+)"/.exec(input.MessageBody ?? '') ?? [];
    if (error || name === undefined) continue;
    const id: string | undefined = JSON.parse(input.MessageBody).detail?.id;
    if (id === undefined) continue;
    if (/-1(\.\d+)?$/.test(name)) first.add(id);
    else if (!first.has(id) && commits.some((one) => one.eventId === id && one.n > n)) return true;
  }
  return false;
}
