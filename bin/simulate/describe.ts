/** Lines of the journal in words: who did what, and how much it says about a failure. */
import { names } from '../../lib/model/names.ts';
import { deploymentOf } from '../start/live.ts';
import type { Prepared } from '../start/prepare.ts';
import { briefly } from './plan.ts';
import type { SimulateResult } from './run.ts';

type Line = SimulateResult['lines'][number];

export interface Told {
  readonly line: Line;
  readonly who: string;
  readonly what: string;
  /** Words that name what it is about: event ids, entities. */
  readonly about: string;
  /** 0 must be seen; the higher, the sooner it is left out. */
  readonly rank: number;
}

/** Tells lines one after the other: a message is known by the event that was in it, an event by its type and entity. */
export function teller(
  prepared: Prepared,
  { lines, regions }: Pick<SimulateResult, 'lines' | 'regions'>,
): (line: Line) => Told | undefined {
  const named = namesOfEvents(lines);
  const plainly = (text: string) => text.replaceAll(uuid, (id) => named.get(id) ?? id);
  const brief = briefly(prepared);
  const { active } = prepared.config.regions;
  const inMessage = new Map<string, string>();
  const eventsOf = (ids: readonly string[]) => ids.map((id) => inMessage.get(id) ?? `message ${id.slice(0, 8)}`);
  const records = names.records(deploymentOf(prepared.config));
  const authority = names.authority(deploymentOf(prepared.config));
  const shown = regions?.names ?? [active];
  const actor = ({ principal, action, input }: Line): string => {
    if (action === 'FaultStruck') return input.where;
    if (action === 'AlarmChangedState') return 'cloudwatch';
    if (typeof input?.function === 'string') return brief(input.function);
    const role = /assumed-role\/([^/]+)/.exec(principal)?.[1];
    if (role === undefined) return principal.replace(/\.amazonaws\.com$/, '').replace(/^.*[:/]/, '');
    const name = brief(shown.reduce((rest, region) => rest.replace(`-${region}`, ''), role));
    return name === 'publisher' ? 'producer' : name;
  };
  /** Of two regions, the one where the pipeline began goes without saying. */
  const who = (line: Line): string =>
    line.region === active || line.service === 'regions' || line.action === 'FaultStruck'
      ? actor(line)
      : `${actor(line)} in ${line.region}`;
  const queueOf = ({ input }: Line): string =>
    brief(
      String(input.QueueUrl ?? input.queue)
        .split('/')
        .at(-1)!,
    );
  const learn = (messageId: string | undefined, body: string | undefined) => {
    const id = eventIn(body);
    if (messageId !== undefined && id !== undefined) inMessage.set(messageId, id);
  };

  const tell: Readonly<Record<string, (line: Line) => readonly [what: string, rank: number] | undefined>> = {
    FaultStruck: ({ input: { fault, action, event } }) => [
      `⚡ ${fault} at ${action}${event === '-' ? '' : ` of ${event}`}`,
      0,
    ],
    PutEvents: ({ input, output }) => {
      const entries: any[] = input.Entries ?? [];
      const told = entries.map(({ DetailType, Detail }, index) => {
        const refused = output && output.Entries?.[index]?.EventId === undefined;
        const id = eventIn(Detail) ?? '';
        return `${named.has(id) && id.match(uuid) ? '' : `${DetailType} `}${id}${refused ? ' (not taken)' : ''}`;
      });
      return [`says ${told.join(', ')}`, 1];
    },
    SendMessage: (line) => {
      learn(line.output?.MessageId, line.input.MessageBody);
      return [`puts ${eventIn(line.input.MessageBody) ?? 'a message'} into ${queueOf(line)}`, 4];
    },
    SendMessageBatch: (line) => {
      const entries: any[] = line.input.Entries ?? [];
      for (const { Id, MessageBody } of entries) {
        learn(line.output?.Successful?.find((one: any) => one.Id === Id)?.MessageId, MessageBody);
      }
      return [
        `puts ${entries.map((one) => eventIn(one.MessageBody) ?? 'a message').join(', ')} into ${queueOf(line)}`,
        3,
      ];
    },
    ReceiveMessage: (line) => {
      const messages: any[] = line.output?.Messages ?? [];
      for (const { MessageId, Body } of messages) learn(MessageId, Body);
      if (messages.length === 0) return undefined;
      const told = messages.map(({ MessageId, Attributes }) => {
        const times = Number(Attributes?.ApproximateReceiveCount ?? 1);
        return `${eventsOf([MessageId])[0]}${times > 1 ? ` (for the ${times}. time)` : ''}`;
      });
      return [`is given ${told.join(', ')} from ${queueOf(line)}`, told.some((one) => one.includes('time)')) ? 2 : 3];
    },
    DeleteMessageBatch: (line) => [`deletes ${line.input.Entries?.length ?? 0} from ${queueOf(line)}`, 5],
    InvocationStarted: ({ input }) => [
      `${input.coldStart ? 'starts cold' : 'runs'} with ${eventsOf(input.records ?? []).join(', ')}`,
      4,
    ],
    InvocationFailed: ({ input }) => [
      `fails with ${eventsOf(input.records ?? []).join(', ')}: ${short(input.errorMessage ?? input.errorType)}`,
      1,
    ],
    InvocationEnded: ({ input }) => [`has ended, with ${eventsOf(input.records ?? []).join(', ')}`, 5],
    BatchItemsFailed: ({ input }) => [
      `reports ${eventsOf(input.records).join(', ')} failed${input.why ? `: ${input.why}` : ''}`,
      2,
    ],
    UpdateItem: ({ input, output }) => {
      const key: string = input.Key?.id?.S ?? '';
      const { region, epoch } = output?.Attributes ?? {};
      if (input.TableName === authority && epoch) {
        const isTaken = input.ExpressionAttributeValues?.[':wait'] !== undefined;
        return [`${isTaken ? 'gives' : 'leaves'} the authority to ${region.S}, epoch ${epoch.N}`, isTaken ? 0 : 4];
      }
      if (input.TableName !== records) return [`updates ${brief(input.TableName)}/${key}`, 3];
      if (/SET #status = :inprogress/.test(input.UpdateExpression)) return [`takes the lease on ${key}`, 3];
      if (/SET letter = /.test(input.UpdateExpression)) return [`notes that the letter of ${key} is sent`, 3];
      const phase = input.ExpressionAttributeValues?.[':phase']?.S;
      return phase === undefined ? [`gives the lease on ${key} back`, 3] : [`sets ${key} to ${phase}`, 1];
    },
    PutItem: ({ input }) => [`acts: ${input.Item?.id?.S} in ${brief(input.TableName)}`, 2],
    TransactWriteItems: ({ input }) => [transaction(input.TransactItems ?? [], { records, brief }), 1],
    MessageDeadLettered: (line) => [
      `${queueOf(line)} gives up ${eventIn(line.input.body) ?? 'a message'} after ${line.input.receiveCount} receives`,
      0,
    ],
    MessageMoved: ({ input }) => [`${brief(input.source)} is sent back: ${eventsOf([input.messageId])}`, 1],
    DeliveryDeadLettered: ({ input }) => [
      `the bus gives up ${eventIn(input.event) ?? 'an event'} for ${brief(input.target ?? input.rule)}`,
      1,
    ],
    DeliveryDropped: ({ input }) => [
      `the bus drops ${eventIn(input.event) ?? 'an event'} for ${brief(input.target ?? input.rule)}`,
      0,
    ],
    EventDeadLettered: ({ input }) => [
      `the bus puts ${eventIn(input.event) ?? 'an event'} aside: ${short(input.reason)}`,
      1,
    ],
    EventDropped: ({ input }) => [`the bus drops ${eventIn(input.event) ?? 'an event'}: ${short(input.reason)}`, 0],
    CallOutlivedInvocation: ({ input }) => [`calls ${input.call} for an invocation that has ended`, 0],
    // What functions are denied; the alarms of a key that is out of order are many, and beside the point.
    Denied: ({ input, principal }) => [
      `may not ${input.action}: ${short(input.explanation)}`,
      principal.includes('assumed-role/') ? 2 : 4,
    ],
    AlarmChangedState: ({ input }) => (input.to === 'ALARM' ? [`alarm: ${brief(input.alarm)}`, 3] : undefined),
    StartMessageMoveTask: ({ input }) => [`sends back what lies in ${brief(input.SourceArn.split(':').at(-1))}`, 2],
    StartReplay: () => ['replays the archive', 2],
    ...ofRegions,
  };

  return (line) => {
    if (!shown.includes(line.region)) return undefined;
    const told = tell[line.action]?.(line);
    if (!told) return undefined;
    const failed = line.error ? ` ✘ ${line.error.code}` : '';
    return { line, who: who(line), what: plainly(told[0]) + failed, about: told[0], rank: told[1] };
  };
}

/** What happens to regions and between them. */
const ofRegions: Readonly<Record<string, (line: Line) => readonly [what: string, rank: number]>> = {
  RegionLost: ({ region }) => [`${region} is lost`, 0],
  RegionReturned: ({ region }) => [`${region} is back`, 0],
  RegionsParted: ({ input: { region, from, way } }) => [
    way === undefined ? `${region} is cut off from ${from}` : `nothing goes from ${region} to ${from}`,
    0,
  ],
  RegionsJoined: ({ input }) => [`${input.region} is joined with ${input.with}`, 0],
  ReplicationConflict: ({ input: { key, kept } }) => [`of two writes of ${key.id?.S}, that of ${kept.region} stays`, 1],
};

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

export const isUuid = (id: string): boolean => id.match(uuid)?.[0] === id;

/** What a stage says has an id that tells nothing: `stock.reserved(o-0003)` does. */
export function namesOfEvents(lines: readonly Line[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { action, input } of lines) {
    if (action !== 'PutEvents') continue;
    for (const { Detail, DetailType } of input.Entries ?? []) {
      const id = eventIn(Detail);
      const subject = /"subject":"([^"]{1,64})"/.exec(Detail ?? '')?.[1];
      if (id !== undefined && subject !== undefined) found.set(id, `${DetailType}(${subject})`);
    }
  }
  return found;
}

/** What a transaction completes, parks and writes. */
function transaction(items: readonly any[], { records, brief }: { records: string; brief: (name: string) => string }) {
  const done: string[] = [];
  const beside: string[] = [];
  for (const { Put, Update } of items) {
    if (Update?.TableName === records && Update.ExpressionAttributeValues?.[':digest']) {
      const failure = Update.ExpressionAttributeValues[':failure']?.M?.code?.S;
      done.push(`${Update.Key.id.S}${failure ? ` (refused: ${failure})` : ''}`);
    } else if (Put && Put.TableName !== records) beside.push(`${brief(Put.TableName)}/${Put.Item.id.S}`);
    else if (Put && / |#parked/.test(Put.Item.id.S) && Put.Item.id.S.includes('#parked')) beside.push(Put.Item.id.S);
  }
  const writes = beside.length > 0 ? `, with ${beside.join(', ')}` : '';
  if (done.length > 0) return `commits ${done.join(', ')}${writes}`;
  return beside.length > 0 ? `writes ${beside.join(', ')}` : 'writes its lines';
}

/** The id of the event in a body: of the detail, where EventBridge's envelope is around it. */
function eventIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const from = Math.max(0, text.indexOf('"detail":'));
  return /"id":"([^"]{1,128})"/.exec(from > 0 ? text.slice(from) : text)?.[1];
}

const short = (text: string | undefined): string => {
  const plain = (text ?? '').replace(/^RequestId: \S+ /, '').replaceAll('\n', ' ');
  return plain.length > 90 ? `${plain.slice(0, 89)}…` : plain;
};
