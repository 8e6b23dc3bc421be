/** What a new version finds of itself before it has work; and that looking has no effect. */
import type { Context, SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import { names } from '../../../lib/model/names.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { table } from '../../../lib/model/uses.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import type { CheckResult } from '../../../lib/runtime/self-check.ts';
import { sequencer } from '../../../lib/runtime/sequencer.ts';
import { administrator } from '../../../localcloud/cloud.ts';
import { type Call, ServiceError } from '../../../localcloud/service.ts';
import { batch, deployment, eventOf, invocation, type Workbench, workbench } from './workbench.ts';

const schema = v.object({ account: v.string(), cents: v.number() });
const byAccount = ({ account }: { account: string }) => account;
const deposited = event('money.deposited', { schema, entity: byAccount });
const credited = event('account.credited', { schema, entity: byAccount });
const credit = stage('credit', {
  accepts: [deposited],
  emits: [credited],
  uses: {
    balances: table<object>('balances').to('get', 'put'),
    rates: table<object>('rates').to('get'),
    entries: table<object>('entries').to('add'),
  },
});
const bank = pipeline('bank', { entries: [deposited], stages: [credit], exits: [credited] });

/** A handler that must not be run. */
const handle: Handler<typeof credit> = () => {
  throw new Error('the handler was run');
};

const sample = batch('credit', [{ event: eventOf(deposited, 'd1', deposited({ account: 'a', cents: 5 })) }]);

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench({ stage: 'credit', tables: ['balances', 'rates', 'entries'] });
});

const context = () => ({ ...invocation(), functionVersion: '7', getRemainingTimeInMillis: () => 10_000 }) as Context;
const ask = (handler: (event: any, context: Context) => Promise<any>, of: SQSEvent = sample): Promise<CheckResult> =>
  handler({ check: { sample: of } }, context());

const denies = (action: string) => (call: Call) => {
  if (call.action === action && call.principal === administrator)
    throw new ServiceError('AccessDeniedException', `may not ${action}`, { status: 400 });
};

describe('a stage', () => {
  it('says who it is and what it reaches, by calls of which none has an effect', async () => {
    expect(await ask(lambda(credit, handle))).toEqual({
      function: 'credit',
      version: '7',
      passed: [
        'the sample',
        `the queue ${names.queue(deployment, 'credit')}`,
        'the table bank-test-records',
        'the table bank-test-balances',
        'the table bank-test-rates',
        'the table bank-test-entries',
        'the bus bank-test',
      ],
      problems: [],
    });
    for (const name of ['records', 'balances', 'entries']) expect(await bench.items(name)).toEqual({});
    expect(bench.calls('dynamodb', 'PutItem')).toEqual([]);
    expect(bench.cloud.journal.entries.filter(({ action }) => action === 'EventAccepted')).toEqual([]);
    const { output }: any = bench.cloud.journal.entries.find(({ action }) => action === 'PutEvents');
    expect(output).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail' }] });
  });

  it.each([
    ['PutItem', /the table bank-test-records: AccessDeniedException: may not PutItem/],
    ['GetItem', /the table bank-test-rates: AccessDeniedException/],
    ['GetQueueAttributes', /the queue bank-test-credit\.fifo: /],
    ['PutEvents', /the bus bank-test: /],
  ])('says what it may not do: %s', async (action, problem) => {
    bench.faults.before = denies(action);
    const { problems } = await ask(lambda(credit, handle));
    expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
  });

  it('says which message of its sample it does not read', async () => {
    const wrong = eventOf(deposited, 'd2', deposited({ account: 'a', cents: 'five' as never }));
    const { problems } = await ask(lambda(credit, handle), batch('credit', [{ event: wrong }]));
    expect(problems).toEqual([
      expect.stringMatching(/^the sample: Error: message message-of-d2: money\.deposited .*cents/),
    ]);
    const { problems: none } = await ask(lambda(credit, handle), { Records: [] });
    expect(none).toEqual([expect.stringMatching(/the sample has no records/)]);
  });
});

describe('the sequencer', () => {
  const inboxed = (detail: object): SQSEvent => {
    const [record] = sample.Records;
    const outer = { source: 'bank.ingress', 'detail-type': 'money.deposited', detail };
    // Written for another environment, as samples are.
    const eventSourceARN = 'arn:aws:sqs:eu-west-1:123456789012:bank-dev-credit-inbox';
    return { Records: [{ ...record!, body: JSON.stringify(outer), eventSourceARN }] };
  };
  const deposit = eventOf(deposited, 'd1', deposited({ account: 'a', cents: 5 }));

  it('judges its sample, reaches the inboxes, and sends nothing', async () => {
    await bench.cloud.request({
      service: 'sqs',
      action: 'CreateQueue',
      region: 'eu-west-1',
      principal: administrator,
      input: { QueueName: names.inbox(deployment, 'credit') },
    });
    const result = await ask(sequencer(bank), inboxed(deposit));
    expect(result).toEqual({
      function: 'sequencer',
      version: '7',
      passed: ['the sample', 'the inbox bank-test-credit-inbox'],
      problems: [],
    });
    expect(bench.messages('bank-test-credit.fifo')).toEqual([]);
  });

  it('says what it would not hand on, and which inbox it does not find', async () => {
    const { problems } = await ask(sequencer(bank), inboxed({ ...deposit, partitionkey: 'b' }));
    expect(problems).toEqual([
      expect.stringMatching(/the sample: Error: message message-of-d1: partitionkey is b/),
      expect.stringMatching(/the inbox bank-test-credit-inbox: /),
    ]);
  });
});
