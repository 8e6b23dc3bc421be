import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { createClients, during } from '../../../lib/runtime/clients.ts';
import { lost, workbench } from './workbench.ts';

const getting = new GetItemCommand({ TableName: 'bank-test-records', Key: { id: { S: 'a' } } });

it('a call ends with the invocation that made it: one that comes too late is not made', async () => {
  const bench = await workbench({ stage: 'any' });
  const { dynamodb } = createClients(undefined);
  const get = () => dynamodb.send(getting);
  const ended = new AbortController();
  await during(ended.signal, async () => {
    await get();
    ended.abort();
    await expect(get()).rejects.toThrow(/abort/i);
  });
  expect(bench.calls('dynamodb', 'GetItem')).toHaveLength(1);
  await get();
});

it('a call that nobody waits for any more when the invocation ends is aborted, and not tried again', async () => {
  const bench = await workbench({ stage: 'any' });
  const { dynamodb } = createClients(undefined);
  let attempts = 0;
  let aborted: Promise<void> | undefined;
  await during(undefined, async () => {
    await new Promise<void>((arrived) => {
      bench.faults.before = () => {
        attempts++;
        arrived();
        throw lost();
      };
      aborted = expect(dynamodb.send(getting)).rejects.toThrow(/abort/i);
    });
  });
  await aborted;
  expect(attempts).toBe(1);
});
