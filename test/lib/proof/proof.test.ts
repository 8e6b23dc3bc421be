/** Each invariant holds for a good history, and is broken by the fault that it is there for. */

import { marshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type CloudEvent, enter, follow } from '../../../lib/model/envelope.ts';
import { event } from '../../../lib/model/event.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { goingOn } from '../../../lib/model/release.ts';
import { stage } from '../../../lib/model/stage.ts';
import { outside, table } from '../../../lib/model/uses.ts';
import {
  createHistorian,
  type Line,
  prove,
  readHistory,
  summarise,
  watchOutstanding,
} from '../../../lib/proof/index.ts';
import { accounted } from '../../../lib/proof/invariants/accounted.ts';
import { digestOfData } from '../../../lib/proof/twins.ts';
import { digestOf } from '../../../lib/runtime/digest.ts';

const schema = v.object({ account: v.string() });
const entity = ({ account }: { account: string }) => account;
const opened = event('account.opened', { schema, entity });
const reopened = event('account.reopened', { schema, entity });
const checked = event('account.checked', { schema, entity });
const verify = stage('verify', {
  accepts: [opened, reopened],
  emits: [checked],
  uses: {
    files: table<object>('files').to('get', 'put'),
    stamps: table<object>('stamps').to('add'),
    bureau: outside<object>('bureau'),
  },
});
const bank = pipeline('bank', { entries: [opened, reopened], stages: [verify], exits: [checked] });
const options = { pipeline: bank, deployment: { pipeline: 'bank', environment: 'dev' }, region: 'eu-west-1' };

let at = 0;
const tick = () => {
  at += 10;
  return at - 10;
};
const line = (service: string, action: string, input: object, output: object = {}, rest: object = {}): Line =>
  ({
    n: at,
    at: tick(),
    kind: 'call',
    region: 'eu-west-1',
    service,
    action,
    principal: 'p',
    input,
    output,
    ...rest,
  }) as Line;

const entry = (id: string, account = 'a'): CloudEvent =>
  enter(opened, opened({ account }), { id, source: 'bank.ingress', time: 't' });
const answer = (cause: CloudEvent) =>
  follow(cause, checked, {
    event: checked({ account: cause.partitionkey }),
    index: 0,
    stage: 'verify',
    source: 'bank.verify',
    time: 't',
  });

const say = (said: CloudEvent) =>
  line(
    'events',
    'PutEvents',
    {
      Entries: [{ EventBusName: 'bank-dev', DetailType: said.type, Source: said.source, Detail: JSON.stringify(said) }],
    },
    { Entries: [{ EventId: 'x' }] },
  );
const queue = (said: CloudEvent) =>
  line(
    'sqs',
    'SendMessageBatch',
    {
      QueueUrl: 'http://q/1/bank-dev-verify.fifo',
      Entries: [{ Id: '0', MessageGroupId: said.partitionkey, MessageBody: JSON.stringify(said) }],
    },
    { Successful: [{ Id: '0', MessageId: `m-${said.id}` }] },
  );
const commit = (
  said: CloudEvent,
  { version = 1, by = `verify#${said.id}`, failure }: { version?: number; by?: string; failure?: object } = {},
) =>
  line('dynamodb', 'TransactWriteItems', {
    TransactItems: [
      {
        Update: {
          TableName: 'bank-dev-records',
          Key: marshall({ id: `verify#${said.id}` }),
          ExpressionAttributeValues: marshall({
            ':digest': digestOf(said.data),
            ':type': said.type,
            ':data': { events: failure ? [] : [answer(said)] },
            ':redrives': 0,
            ...(failure ? { ':failure': failure } : {}),
          }),
        },
      },
      ...(failure
        ? []
        : [{ Put: { TableName: 'bank-dev-files', Item: marshall({ id: said.partitionkey, version, by }) } }]),
    ],
  });
const act = (said: CloudEvent) =>
  line('dynamodb', 'PutItem', { TableName: 'bank-dev-sandbox-bureau', Item: marshall({ id: `ask#${said.id}` }) });
const letter = (said: CloudEvent, messageId = `dlq-${said.id}`, reason = 'rejected') =>
  line(
    'sqs',
    'SendMessage',
    {
      QueueUrl: 'http://q/1/bank-dev-verify-dlq.fifo',
      MessageBody: JSON.stringify(said),
      MessageAttributes: { reason: { StringValue: reason } },
    },
    { MessageId: messageId },
  );
const moved = (said: CloudEvent, messageId = 'm') =>
  line(
    'sqs',
    'MessageDeadLettered',
    {
      queue: 'bank-dev-verify.fifo',
      deadLetterQueue: 'bank-dev-verify-dlq.fifo',
      messageId,
      body: JSON.stringify(said),
      receiveCount: 1000,
    },
    {},
    { kind: 'note' },
  );

const one = entry('1');
const two = entry('2');
const good = [say(one), queue(one), act(one), commit(one), say(answer(one))];

const watch = (lines: readonly Line[]) => {
  const outstanding = watchOutstanding(readHistory(lines, options));
  outstanding.update();
  return outstanding;
};
const judge = (lines: readonly Line[]) => prove(readHistory(lines, options));
const broken = (lines: readonly Line[]) =>
  judge(lines)
    .findings.filter(({ holds }) => holds === false)
    .map(({ name }) => name);

it('digests data as the pipeline does', () => {
  const data = { z: [{ b: 1, a: null }, 'x'], a: { d: true, c: 'ü' }, n: 1.5 };
  expect(digestOfData(data)).toBe(digestOf(data));
  expect(digestOfData({ ...data, n: 2 })).not.toBe(digestOfData(data));
});

it('holds for a history in which all went well', () => {
  expect(judge(good).holds).toBe(true);
});

it('is unknown, not true, where there was nothing to look at', () => {
  expect(judge([]).holds).toBe('unknown');
});

it('takes a transaction that is repeated under its token for what it is', () => {
  const again = (ClientRequestToken: string) => ({ ...commit(one).input, ClientRequestToken });
  const repeated = (token: string) => [line('dynamodb', 'TransactWriteItems', again(token)), say(answer(one))];
  expect(broken([say(one), queue(one), act(one), ...repeated('t1'), ...repeated('t1')])).toEqual([]);
  expect(broken([say(one), queue(one), act(one), ...repeated('t1'), ...repeated('t2')])).toContain('effect-once');
});

it('does not hold calls that failed, nor other regions, for facts', () => {
  const elsewhere = { ...commit(one), region: 'eu-central-1' };
  const refused = { ...commit(one), error: { code: 'TransactionCanceledException', message: '' } };
  expect(judge([...good, elsewhere, refused]).holds).toBe(true);
});

describe('accounted', () => {
  it('finds an event that never ended', () => {
    expect(broken([...good, say(two), queue(two)])).toEqual(['accounted']);
  });
  it('takes a dead letter for an end, once, however often it was sent', () => {
    const failure = { code: 'rejected', message: 'no' };
    expect(broken([...good, say(two), queue(two), commit(two, { failure }), letter(two), letter(two)])).toEqual([]);
  });
  it('finds a refusal whose letter was never sent', () => {
    expect(
      broken([...good, say(two), queue(two), commit(two, { failure: { code: 'rejected', message: 'no' } })]),
    ).toEqual(['accounted']);
  });
  it('finds an event that was completed and dead-lettered by its stage', () => {
    expect(broken([...good, letter(one)])).toEqual(['accounted']);
  });
  it('does not take another event under a known id for the one that is accounted for', () => {
    expect(broken([...good, letter(one, 'dlq-1', 'id-reused')])).toEqual([]);
  });
  it('finds another event under a known id that never ended, whichever of the two it is', () => {
    const other = { ...one, data: { account: 'b' } };
    expect(broken([...good, say(other)])).toEqual(['accounted']);
    expect(broken([...good, say(other), letter(other, 'dlq-1', 'id-reused')])).toEqual([]);
    expect(broken([...good, say(other), letter(one, 'dlq-1', 'id-reused')])).toEqual(['accounted']);
    expect(broken([say(other), ...good, letter(other, 'dlq-1', 'id-reused')])).toEqual([]);
    expect(broken([...good, say(one), say(other), say(other)])).toEqual(['accounted']);
    const sentBack = [letter(other, 'dlq-1', 'id-reused'), back('dlq-1')];
    expect(broken([...good, say(other), ...sentBack])).toEqual(['accounted']);
    expect(broken([...good, say(other), ...sentBack, letter(other, 'dlq-2', 'id-reused')])).toEqual([]);
  });
  it('lets a queue dead-letter what is completed: a redrive of that asks for nothing', () => {
    expect(broken([...good, moved(one)])).toEqual([]);
  });
  const back = (messageId: string) =>
    line('sqs', 'MessageMoved', { source: 'bank-dev-verify-dlq.fifo', messageId }, {}, { kind: 'note' });
  it('does not take a dead letter that was sent back for an end', () => {
    expect(broken([...good, say(two), queue(two), moved(two), back('m')])).toEqual(['accounted']);
    const mended = [moved(two), back('m'), commit(two, { version: 2 }), say(answer(two))];
    expect(broken([...good, say(two), queue(two), ...mended])).toEqual([]);
  });
  it('knows what an operator sent back by the letter that it names', () => {
    const again = (queueName: string, messageId: string) =>
      line(
        'sqs',
        'SendMessage',
        {
          QueueUrl: `http://q/1/${queueName}`,
          MessageBody: JSON.stringify(two),
          MessageGroupId: 'a',
          MessageAttributes: { letter: { StringValue: messageId } },
        },
        { MessageId: 'anew' },
      );
    const quarantined = line(
      'sqs',
      'SendMessage',
      {
        QueueUrl: 'http://q/1/bank-dev-quarantine',
        MessageBody: JSON.stringify({ detail: two }),
        MessageAttributes: { reason: { StringValue: 'schema' }, stage: { StringValue: 'verify' } },
      },
      { MessageId: 'q' },
    );
    const mended = [queue(two), commit(two, { version: 2 }), say(answer(two))];
    const refused = [...good, say(two), queue(two), letter(two, 'm')];
    expect(broken([...refused, again('bank-dev-verify.fifo', 'm')])).toEqual(['accounted']);
    expect(broken([...refused, again('bank-dev-verify.fifo', 'm'), ...mended])).toEqual([]);
    expect(broken([...refused, ...mended])).toEqual(['accounted']);
    const kept = [...good, say(two), quarantined];
    expect(broken([...kept, again('bank-dev-verify-inbox', 'q')])).toEqual(['accounted']);
    expect(broken([...kept, again('bank-dev-verify-inbox', 'q'), ...mended])).toEqual([]);
    expect(broken([...kept, ...mended])).toEqual(['accounted']);
  });
  it('what was sent back is outstanding again until it ends', () => {
    const lines = [...good, say(two), queue(two), moved(two), back('m')];
    expect([...watch(lines).open]).toEqual(['verify#2']);
    expect([...watch([...lines, commit(two, { version: 2 })]).open]).toEqual([]);
    expect([...watch([...good, moved(one), back('m')]).open]).toEqual([]);
    // Taken in at once, what happened is still taken in order.
    expect([
      ...watch([...good, say(two), queue(two), letter(two, 'm'), back('m'), letter(two, 'second')]).open,
    ]).toEqual([]);
  });
  it('what has another letter that nobody sent back is not', () => {
    const lines = [...good, say(two), queue(two), moved(two), letter(two), back('m')];
    expect([...watch(lines).open]).toEqual([]);
    expect([...watch([...lines, back('dlq-2')]).open]).toEqual(['verify#2']);
  });
  it('takes what a queue gave up for an end', () => {
    expect(broken([...good, say(two), queue(two), moved(two)])).toEqual([]);
  });
});

describe('effect-once', () => {
  it('finds a commit that was applied twice', () => {
    expect(broken([...good, commit(one, { version: 2 })])).toEqual(['effect-once']);
  });
  it('finds an outside system that acted twice', () => {
    expect(broken([...good, act(one)])).toEqual(['effect-once']);
  });
  it('finds a write that no commit explains', () => {
    expect(
      broken([
        ...good,
        line('dynamodb', 'PutItem', { TableName: 'bank-dev-files', Item: marshall({ id: 'a', version: 9 }) }),
      ]),
    ).toEqual(['effect-once']);
  });
  it('finds a write in a transaction under another record’s name', () => {
    expect(broken([say(one), queue(one), commit(one, { by: 'verify#other' }), say(answer(one))])).toContain(
      'effect-once',
    );
  });
});

it('no-lost-update finds a version that was skipped or written twice', () => {
  expect(broken([...good, say(two), queue(two), commit(two, { version: 1 }), say(answer(two))])).toEqual([
    'no-lost-update',
  ]);
  expect(broken([...good, say(two), queue(two), commit(two, { version: 2 }), say(answer(two))])).toEqual([]);
});

it('entity-order finds a successor that was committed first', () => {
  const swapped = [
    say(one),
    say(two),
    queue(one),
    queue(two),
    commit(two),
    commit(one, { version: 2 }),
    say(answer(one)),
    say(answer(two)),
  ];
  expect(broken(swapped)).toEqual(['entity-order']);
  const other = entry('3', 'b');
  expect(
    broken([
      say(one),
      say(other),
      queue(one),
      queue(other),
      commit(other),
      commit(one),
      say(answer(one)),
      say(answer(other)),
    ]),
  ).toEqual([]);
});

it('entity-order finds a commit that no queue had taken', () => {
  expect(broken(good.filter(({ action }) => action !== 'SendMessageBatch'))).toEqual(['entity-order']);
});

it('nothing-unsaid finds what a commit decided and the bus never had', () => {
  expect(broken(good.slice(0, -1))).toEqual(['nothing-unsaid']);
});

it('same-again finds what was said differently, and what nobody decided', () => {
  expect(broken([...good, say({ ...answer(one), time: 'later' })])).toEqual(['same-again']);
  expect(broken([...good, say({ ...answer(two) })])).toEqual(['same-again']);
  expect(broken([...good, say(answer(one))])).toEqual([]);
});

it('what is outstanding goes down as events end', () => {
  const history = readHistory(good.slice(0, 2), options);
  const outstanding = watchOutstanding(history);
  expect(outstanding.update()).toBe(1);
  expect([...outstanding.open]).toEqual(['verify#1']);
  const all = readHistory(good, options);
  expect(watchOutstanding(all).update()).toBe(0);
  const other = { ...one, data: { account: 'b' } };
  const twins = watchOutstanding(readHistory([...good, say(other)], options));
  expect(twins.update()).toBe(1);
  expect(twins.twins()).toMatchObject([{ stage: 'verify', said: { id: '1', detail: { data: { account: 'b' } } } }]);
  expect(twins.open.size).toBe(0);
});

it('of two events under one id each has to end, whether they differ in their data or in their type', () => {
  for (const other of [
    { ...one, data: { account: 'b' } },
    { ...one, type: 'account.reopened' },
  ]) {
    expect(broken([...good, say(other)])).toEqual(['accounted']);
    expect(broken([...good, say(other), letter(other, 'refused', 'id-reused')])).toEqual([]);
  }
});

it('the summary counts ends, exits and latencies', () => {
  const summary = summarise(readHistory([...good, say(one), say(two), queue(two), letter(two), letter(two)], options));
  expect(summary).toMatchObject({
    entries: 2,
    repetitions: 1,
    stages: [{ completed: 1, deadLettered: 1, latency: { p50: 30 } }],
  });
  expect(summary.exits.get('account.checked')).toBe(1);
  expect(summary.endToEnd).toEqual({ p50: 40, p99: 40 });
  expect(summary.givenUp).toHaveLength(1);
});

it('the summary counts no word of a stage to itself, which has a record and was never said', () => {
  const word = goingOn(one, { stage: 'verify', time: 't', behind: one.id });
  const [stageOf] = summarise(readHistory([...good, queue(word), commit(word, { version: 2 })], options)).stages;
  expect(stageOf).toMatchObject({ stage: 'verify', completed: 1 });
});

it('lets an event rest that waits in the table, even where its message was dead-lettered and sent back', () => {
  const numbered = (event: CloudEvent, place: number) => ({ ...event, sequence: `verify=1.${place}` });
  const [first, second] = [numbered(one, 1), numbered(two, 2)];
  const parked = line('dynamodb', 'TransactWriteItems', {
    TransactItems: [{ Put: { TableName: 'bank-dev-records', Item: marshall({ id: 'verify#parked 2' }) } }],
  });
  const back = line(
    'sqs',
    'MessageMoved',
    { source: 'bank-dev-verify-dlq.fifo', messageId: 'm' },
    {},
    { kind: 'note' },
  );
  const { history, read } = createHistorian(options);
  const outstanding = watchOutstanding(history);
  const after = (...lines: Line[]) => {
    for (const [index, one] of lines.entries()) read({ ...one, n: 1000 * (history.lines + 1) + index });
    return outstanding.update();
  };
  expect(after(say(first), say(second), queue(first), queue(second))).toBe(2);
  expect(after(parked, letter(first))).toBe(0);
  expect([...outstanding.resting]).toEqual(['verify#2']);
  expect(after(moved(second))).toBe(0);
  expect(after(back)).toBe(0);
  expect([...outstanding.resting]).toEqual(['verify#2']);
  // Of two messages of its, too.
  expect(after(moved(second, 'm1'), moved(second, 'm2'))).toBe(0);
  expect([outstanding.resting.size, [...outstanding.waiting]]).toEqual([0, ['verify#2']]);
  expect(accounted.examine(history).violations).toEqual([]);
});

it('finds an event whose queue gave up two messages of it, unless it waits in the table', () => {
  expect(broken([...good, say(two), queue(two), moved(two, 'm1'), moved(two, 'm2')])).toEqual(['accounted']);
});

describe('two regions, looked at as one', () => {
  const peer = 'eu-central-1';
  const both = { ...options, peer };
  /** The same line, in the other region, and of a later authority. */
  const there = (one: Line, epoch = 2): Line => {
    const [completion, ...writes] = one.input.TransactItems ?? [];
    if (!completion) return { ...one, region: peer };
    const { Update } = completion;
    const values = { ...Update.ExpressionAttributeValues, ':epoch': { N: String(epoch) } };
    const TransactItems = [{ Update: { ...Update, ExpressionAttributeValues: values } }, ...writes];
    return { ...one, region: one.region, input: { TransactItems } };
  };
  const broken = (lines: readonly Line[]) =>
    prove(readHistory(lines, both))
      .findings.filter(({ holds }) => holds === false)
      .map(({ name }) => name);

  it('an event that was committed once more under a later authority is no effect applied twice; under the same it is', () => {
    expect(broken([...good, there(commit(one, { version: 2 }))])).toEqual([]);
    expect(broken([...good, commit(one, { version: 2 })])).toEqual(['effect-once']);
    const twiceThere = [there(commit(one, { version: 2 })), there(commit(one, { version: 3 }))];
    expect(broken([...good, ...twiceThere])).toEqual(['effect-once']);
  });

  it('a fact that is written once more under a later authority overwrites nothing; under the same it does', () => {
    const stamped = (one: Line): Line => {
      const Item = marshall({ id: 'stamp', version: 1, by: 'verify#1' });
      const TransactItems = [...one.input.TransactItems, { Put: { TableName: 'bank-dev-stamps', Item } }];
      return { ...one, input: { TransactItems } };
    };
    const first = [say(one), queue(one), act(one), stamped(commit(one)), say(answer(one))];
    expect(broken([...first, there(stamped(commit(one, { version: 2 })))])).toEqual([]);
    expect(broken([...first, stamped(commit(one, { version: 2 }))])).toEqual(['effect-once', 'no-lost-update']);
  });

  it('an event that one completed and the other refused is apart, and may be applied there all the same', () => {
    const failure = { code: 'out-of-sequence', message: 'late', messageId: 'm' };
    const refused = there(commit(one, { failure }));
    const lines = [...good, refused, { ...letter(one), region: peer }];
    expect(broken(lines)).toEqual([]);
    expect(readHistory(lines, both).committedAgain.map(({ differs }) => differs)).toEqual([
      'completed, and refused: out-of-sequence',
    ]);
    expect(broken([...good, refused, there(commit(one, { version: 2 }))])).toEqual([]);
  });

  it('an event with two numbers may be applied by either', () => {
    const numbered = (event: CloudEvent, place: string): CloudEvent => ({ ...event, sequence: `verify=${place}` });
    const lines = (...places: readonly string[]) => [
      ...places.map((place) => say(numbered(one, place))),
      say(numbered(two, '9.1')),
      queue(one),
      queue(two),
      commit(two),
      say(answer(two)),
      commit(one, { version: 2 }),
      say(answer(one)),
    ];
    expect(broken(lines('7.1'))).toEqual(['entity-order']);
    expect(broken(lines('7.1', '9.2'))).toEqual([]);
  });

  it('of letters in both regions those count where the event was decided last', () => {
    const failure = { code: 'rejected', message: 'no', messageId: 'm' };
    const elsewhere = { ...letter(two, 'there'), region: peer };
    const lines = [...good, say(two), queue(two), commit(two, { failure }), elsewhere, letter(two)];
    expect(broken(lines)).toEqual([]);
    expect(broken([...lines, letter(two, 'another')])).toEqual(['accounted']);
  });
});
