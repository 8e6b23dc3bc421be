/** The settings and the batch: whatever Parameter Store does, events are completed, and no later for it. */
import * as v from 'valibot';
import { beforeEach, expect, it } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import { unavailable } from '../../../lib/model/failure.ts';
import { names, SET } from '../../../lib/model/names.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { outside } from '../../../lib/model/uses.ts';
import { calling } from '../../../lib/runtime/calling.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { administrator } from '../../../localcloud/cloud.ts';
import { type Call, ServiceError } from '../../../localcloud/service.ts';
import { batch, deployment, eventOf, failedOf, invocation, lost, type Workbench, workbench } from './workbench.ts';

const schema = v.object({ account: v.string() });
const asked = event('cash.asked', { schema, entity: ({ account }) => account });
const withdraw = stage('withdraw', {
  accepts: [asked],
  uses: { banknotes: outside<{ pay(): Promise<void> }>('banknotes') },
});
const handle: Handler<typeof withdraw> = async (_, { banknotes }) => {
  await banknotes.pay();
  return [];
};

let bench: Workbench;
let isDown: boolean;
let calls: number;

beforeEach(async () => {
  isDown = false;
  calls = 0;
  bench = await workbench({ stage: 'withdraw' });
});

const instance = () =>
  lambda(
    withdraw,
    handle,
    calling({
      banknotes: () => ({
        async pay() {
          calls++;
          if (isDown) throw unavailable('503');
        },
      }),
    }),
  );
const one = (id: string) => batch('withdraw', [{ event: eventOf(asked, id, asked({ account: id })) }]);
const set = (values: object) =>
  bench.cloud.request({
    service: 'ssm',
    action: 'PutParameter',
    region: 'eu-west-1',
    principal: administrator,
    input: {
      Name: `${names.settings(deployment, 'withdraw')}/${SET}`,
      Type: 'String',
      Value: JSON.stringify(values),
    },
  });

it('what is set holds from the batch after the one that it was read beside', async () => {
  await set({ 'breaker.banknotes.failures': 2 });
  const handler = instance();
  await handler(one('first'), invocation());
  expect(bench.calls('ssm', 'GetParametersByPath')).toEqual([
    { Path: names.settings(deployment, 'withdraw'), WithDecryption: false },
  ]);
  isDown = true;
  for (const id of ['a', 'b', 'c', 'd']) await handler(one(id), invocation());
  // The first was answered; two failures opened it.
  expect(calls).toBe(3);
  expect(bench.calls('ssm', 'GetParametersByPath')).toHaveLength(1);
});

const spoil: Readonly<Record<string, (call: Call) => void>> = {
  denied: () => {
    throw new ServiceError('AccessDeniedException', 'not authorized');
  },
  throttled: () => {
    throw new ServiceError('ThrottlingException', 'Rate exceeded');
  },
  'out of order': () => {
    throw new ServiceError('InternalServerError', 'An internal error occurred.', { status: 500 });
  },
  lost: () => {
    throw lost();
  },
};

it.each(Object.entries(spoil))('a read that is %s costs one call and no event', async (_, how) => {
  let asked = 0;
  bench.faults.before = (call) => {
    if (call.service !== 'ssm') return;
    asked++;
    how(call);
  };
  const handler = instance();
  for (const id of ['a', 'b']) expect(failedOf(await handler(one(id), invocation()))).toEqual([]);
  expect(calls).toBe(2);
  expect(asked).toBe(1);
});
