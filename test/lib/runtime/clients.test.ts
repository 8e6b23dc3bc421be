import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { createClients, during } from '../../../lib/runtime/clients.ts';
import { workbench } from './workbench.ts';

it('a call ends with the invocation that made it: one that comes too late is not made', async () => {
  const bench = await workbench({ stage: 'any' });
  const { dynamodb } = createClients(undefined);
  const get = () => dynamodb.send(new GetItemCommand({ TableName: 'bank-test-records', Key: { id: { S: 'a' } } }));
  const ended = new AbortController();
  await during(ended.signal, async () => {
    await get();
    ended.abort();
    await expect(get()).rejects.toThrow(/abort/i);
  });
  expect(bench.calls('dynamodb', 'GetItem')).toHaveLength(1);
  await get();
});
