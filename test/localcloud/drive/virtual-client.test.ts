/** An SDK's client outside the virtual cloud: its own clock and its own pauses are real ones, and must not show. */
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { createVirtual } from '../../../localcloud/drive/virtual.ts';
import { virtualRequestHandler } from '../../../localcloud/drive/virtual-client.ts';

function clientOf(accessKeyId: string) {
  // With the signatures that are verified.
  const virtual = createVirtual({ seed: 'client', libraries: 'deployed' });
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    endpoint: virtual.cloud.endpoint,
    credentials: { accessKeyId, secretAccessKey: accessKeyId },
    requestHandler: virtualRequestHandler(virtual),
    maxAttempts: 1,
  });
  return { virtual, list: () => client.send(new ListTablesCommand({})) };
}

test('signs by the clock of the cloud: no call is refused and tried again for its time, however far time has leapt', async () => {
  const { virtual, list } = clientOf('test');
  expect((await list()).TableNames).toEqual([]);
  await virtual.pass(3 * 3_600_000);
  expect((await list()).TableNames).toEqual([]);
  expect(virtual.cloud.journal.entries.filter(({ error }) => error)).toEqual([]);
});

test('whose key nobody knows is refused still', async () => {
  await expect(clientOf('somebody').list()).rejects.toThrow(/security token|signature/i);
});

test('finds a lost region silent after three attempts, in virtual time', async () => {
  const { virtual, list } = clientOf('test');
  await list();
  virtual.lose('eu-west-1');
  await expect(list()).rejects.toThrow('socket hang up');
  virtual.restore('eu-west-1');
  expect((await list()).TableNames).toEqual([]);
});
