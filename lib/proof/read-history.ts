/** Reads the journal line by line: which call means what in the pipeline's terms. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Deployment, LETTER, names } from '../model/names.ts';
import { domainTablesOf, outsideSystemsOf, type Pipeline } from '../model/pipeline.ts';
import { receivesOf } from '../model/stage.ts';
import { commitOf, writesOf } from './commits.ts';
import { differenceOf } from './difference.ts';
import type { Acted, Commit, CommittedAgain, History, ItemWrite, Line } from './history.ts';

export interface HistoryOptions {
  readonly pipeline: Pipeline;
  readonly deployment: Deployment;
  /** The active region. */
  readonly region: string;
  /** The other, where both are looked at as one; default it is not looked at. */
  readonly peer?: string;
}

/** Services that others call in a function's name. */
const onBehalf = new Set(['kms', 'logs', 'monitoring']);

type Mutable = { -readonly [K in keyof History]: History[K] extends readonly (infer T)[] ? T[] : History[K] };

/** A history that grows line by line. */
export interface Historian {
  readonly history: History;
  read(line: Line): void;
}

/** Reads a journal. */
export function readHistory(lines: Iterable<Line>, options: HistoryOptions): History {
  const { history, read } = createHistorian(options);
  for (const line of lines) read(line);
  return history;
}

/** Lines of other regions, and of calls that failed, tell nothing of what holds. */
export function createHistorian(options: HistoryOptions): Historian {
  const history: Mutable = {
    pipeline: options.pipeline,
    said: [],
    queued: [],
    commits: [],
    committedAgain: [],
    strayWrites: [],
    deadLettered: [],
    quarantined: [],
    parked: [],
    sentBack: [],
    acted: [],
    actedAgain: [],
    receivedTooOften: [],
    denied: [],
    outlived: [],
    lines: 0,
    functionCalls: 0,
    invocations: 0,
  };
  const read = readers(history, options);
  const invocations = new Set<string>();
  return {
    history,
    read(line) {
      if (line.region !== options.region && line.region !== options.peer) return;
      if (line.kind === 'call' && line.invocation !== undefined && !onBehalf.has(line.service)) {
        history.functionCalls++;
        history.invocations = invocations.add(line.invocation).size;
      }
      if (line.error) return;
      history.lines++;
      // Any service may refuse; all do so in the same words.
      if (line.kind === 'note' && line.action === 'Denied') history.denied.push({ n: line.n, ...line.input });
      else read[`${line.service}.${line.action}`]?.(line);
    },
  };
}

function readers(history: Mutable, options: HistoryOptions): Record<string, (line: Line) => void> {
  const { pipeline, deployment } = options;
  const bus = names.bus(deployment);
  const records = names.records(deployment);
  const written = writesOf(pipeline);
  const domain = new Map(domainTablesOf(pipeline).map((table) => [names.table(deployment, table), table]));
  const sandboxes = new Map(outsideSystemsOf(pipeline).map((system) => [names.sandbox(deployment, system), system]));
  const queues = new Map(pipeline.stages.map(({ name }) => [names.queue(deployment, name), name]));
  const deadLetters = new Map(pipeline.stages.map(({ name }) => [names.deadLetters(deployment, name), name]));
  const inboxes = new Set(pipeline.stages.map(({ name }) => names.inbox(deployment, name)));
  const inboxDeadLetters = new Map(pipeline.stages.map(({ name }) => [names.inboxDeadLetters(deployment, name), name]));
  const quarantine = names.quarantine(deployment);

  const putEvents = (line: Line) => {
    const entries: any[] = line.input.Entries ?? [];
    entries.forEach((entry, index) => {
      const eventId: string | undefined = line.output?.Entries?.[index]?.EventId;
      if (eventId === undefined || lastWord(entry.EventBusName ?? 'default') !== bus) return;
      const detail = parse(entry.Detail);
      const id = typeof detail?.id === 'string' ? detail.id : eventId;
      const { n, at, principal } = line;
      history.said.push({ n, at, principal, id, detail, detailType: entry.DetailType, source: entry.Source });
    });
  };

  const sent = (line: Line, queueUrl: string, message: any, messageId: string | undefined) => {
    if (messageId === undefined) return;
    const queue = lastWord(queueUrl);
    const detail = parse(message.MessageBody);
    const { n, at } = line;
    const stage = queues.get(queue);
    // What an operator sends back names the dead letters that it was; they are deleted afterwards.
    const letters: string | undefined = message.MessageAttributes?.[LETTER]?.StringValue;
    if (letters !== undefined && (stage !== undefined || inboxes.has(queue)))
      history.sentBack.push(...letters.split(' ').map((letter) => ({ n, at, messageId: letter })));
    if (stage !== undefined) {
      history.queued.push({
        n,
        at,
        stage,
        region: line.region,
        messageId,
        eventId: detail?.id,
        entity: message.MessageGroupId,
      });
      return;
    }
    const attribute = (name: string): string => message.MessageAttributes?.[name]?.StringValue ?? '';
    const { region } = line;
    const ended = { n, at, messageId, region, reason: attribute('reason'), detail: attribute('detail') };
    const refusing = deadLetters.get(queue);
    if (refusing !== undefined) {
      const number = Number(attribute('redrive') || 0);
      const { id: eventId, type, data } = detail ?? {};
      history.deadLettered.push({ ...ended, stage: refusing, by: 'stage', eventId, type, data, number });
    }
    if (queue === quarantine) {
      const eventId = typeof detail?.detail?.id === 'string' ? detail.detail.id : detail?.id;
      const { type, data } = detail?.detail ?? {};
      history.quarantined.push({ ...ended, stage: attribute('stage'), by: 'sequencer', eventId, type, data });
    }
  };

  const allowed = new Map(pipeline.stages.map((stage) => [stage.name, receivesOf(stage)]));
  const received = ({ n, input, output }: Line) => {
    const stage = queues.get(lastWord(input.QueueUrl));
    if (stage === undefined) return;
    for (const { MessageId: messageId, Attributes } of output?.Messages ?? []) {
      const receives = Number(Attributes?.ApproximateReceiveCount ?? 1);
      if (receives > allowed.get(stage)!) history.receivedTooOften.push({ n, stage, messageId, receives });
    }
  };

  const parked = ({ n, at }: Line, key: string) => {
    const [, stage, eventId] = /^([^#]+)#parked (.+)$/.exec(key) ?? [];
    if (stage !== undefined && eventId !== undefined) history.parked.push({ n, at, stage, eventId });
  };

  const first = new Map<string, { readonly commit: Commit; readonly epochs: Set<number> }>();
  /** Under another authority; what was committed twice under one is no such thing. */
  const committedElsewhere = (commit: Commit): CommittedAgain | undefined => {
    if (options.peer === undefined) return undefined;
    const { n, at, stage, eventId, type, digest, writes, epoch, region, unknown, failure } = commit;
    const key = `${stage}#${eventId}`;
    const known = first.get(key);
    // A refusal is decided as often as an operator sends its event back; only what was completed is decided once.
    if (failure && (known === undefined || known.epochs.has(epoch))) return undefined;
    if (known === undefined) first.set(key, { commit, epochs: new Set([epoch]) });
    if (known === undefined || known.epochs.has(epoch)) return undefined;
    if (!failure) known.epochs.add(epoch);
    const saidFirst = known.commit.events.map(({ id }) => id);
    const differs = differenceOf(known.commit, commit);
    return { n, at, stage, eventId, type, digest, writes, region, epoch, unknown, saidFirst, differs };
  };

  const acts = new Map<string, { readonly region: string; readonly request: string }>();
  const act = (one: Acted, region: string) => {
    const key = `${one.system}.${one.operation}#${one.idempotencyKey}`;
    const request = JSON.stringify(one.request);
    const known = acts.get(key);
    if (known === undefined) acts.set(key, { region, request });
    if (options.peer === undefined || known === undefined || known.region === region) history.acted.push(one);
    else history.actedAgain.push({ ...one, region, same: known.request === request });
  };

  /** What a commit wrote, written anew in the other region. */
  const isRestored = ({ table, key, by, item }: ItemWrite): boolean =>
    by !== undefined &&
    options.peer !== undefined &&
    history.commits.some(
      ({ stage, eventId, writes }) =>
        `${stage}#${eventId}` === by &&
        writes.some(
          (one) => one.table === table && one.key === key && JSON.stringify(one.item) === JSON.stringify(item),
        ),
    );

  /** Under a token that was used before, DynamoDB answers as it did then and writes nothing: an SDK's repetition. */
  const tokens = new Set<string>();
  const isRepetition = (token: string | undefined): boolean => {
    if (token === undefined) return false;
    if (tokens.has(token)) return true;
    tokens.add(token);
    return false;
  };

  const transaction = (line: Line) => {
    if (isRepetition(line.input.ClientRequestToken)) return;
    const writes: ItemWrite[] = [];
    const completed: any[] = [];
    for (const { Put, Update } of line.input.TransactItems ?? []) {
      if (Put && domain.has(Put.TableName)) writes.push(written(line, domain.get(Put.TableName)!, Put.Item));
      // Lines and ties between records are written beside; only a completion carries a digest.
      if (Update?.TableName === records && Update.ExpressionAttributeValues?.[':digest']) completed.push(Update);
      if (Put?.TableName === records) parked(line, Put.Item.id.S);
    }
    for (const update of completed) {
      const commit = commitOf(line, update, writes);
      const again = committedElsewhere(commit);
      if (again) history.committedAgain.push(again);
      else history.commits.push(commit);
    }
    const explained = new Set(completed.map((update) => update.Key.id.S));
    history.strayWrites.push(...writes.filter(({ by }) => by === undefined || !explained.has(by)));
  };

  return {
    'events.PutEvents': putEvents,
    'sqs.SendMessage': (line) => sent(line, line.input.QueueUrl, line.input, line.output?.MessageId),
    'sqs.SendMessageBatch': (line) => {
      for (const entry of line.input.Entries ?? []) {
        const success = line.output?.Successful?.find(({ Id }: any) => Id === entry.Id);
        sent(line, line.input.QueueUrl, entry, success?.MessageId);
      }
    },
    'sqs.MessageDeadLettered': (line) => {
      const { queue, deadLetterQueue, messageId, body, receiveCount } = line.input;
      const stage = deadLetters.get(deadLetterQueue) ?? inboxDeadLetters.get(deadLetterQueue);
      if (stage === undefined) return;
      const envelope = queues.has(queue) ? parse(body) : parse(body)?.detail;
      const { n, at } = line;
      history.deadLettered.push({
        n,
        at,
        stage,
        region: line.region,
        messageId,
        by: 'queue',
        eventId: envelope?.id,
        type: envelope?.type,
        data: envelope?.data,
        reason: 'attempts',
        detail: `received ${receiveCount} times without success`,
        ...(queues.has(queue) ? { receives: receiveCount } : {}),
      });
    },
    'sqs.MessageMoved': ({ n, at, input: { source, messageId } }) => {
      if (deadLetters.has(source) || inboxDeadLetters.has(source)) history.sentBack.push({ n, at, messageId });
    },
    'sqs.ReceiveMessage': received,
    'lambda.CallOutlivedInvocation': ({ n, input: { function: name, call, requestId } }) =>
      void history.outlived.push({ n, function: name, call, requestId }),
    'dynamodb.TransactWriteItems': transaction,
    'dynamodb.PutItem': (line) => {
      const { TableName, Item } = line.input;
      const system = sandboxes.get(TableName);
      if (system !== undefined) {
        const [operation, idempotencyKey] = Item.id.S.split('#');
        const { request, answer } = unmarshall(Item);
        act({ n: line.n, system, operation, idempotencyKey, request, answer }, line.region);
      }
      if (!domain.has(TableName)) return;
      const write = written(line, domain.get(TableName)!, Item);
      if (!isRestored(write)) history.strayWrites.push(write);
    },
  };
}

const lastWord = (arnOrUrl: string): string => arnOrUrl.split('/').at(-1)!;

const parse = (text: string): any => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
