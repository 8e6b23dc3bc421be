/** Code that was uploaded runs in both drivers, though it is in no folder. */
import { afterEach, expect, test } from 'vitest';
import { administrator, type Cloud } from '../../../localcloud/cloud.ts';
import { startLive } from '../../../localcloud/drive/live.ts';
import { createVirtual } from '../../../localcloud/drive/virtual.ts';
import { writeArchive } from '../../../localcloud/lambda/archive.ts';

let stop: () => unknown = () => {};
afterEach(() => stop());

const region = 'eu-west-1';
const SOURCE = `
  const { createHash } = require('node:crypto');
  exports.handler = async ({ text }) => ({ hash: createHash('sha256').update(text).digest('hex').slice(0, 4), __filename });
`;
const answer = { hash: 'ca97', __filename: '/var/task/index.js' };
const ask = (action: string, input: object) => ({ service: 'lambda', region, action, input, principal: administrator });
const creation = ask('CreateFunction', {
  FunctionName: 'uploaded',
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  Role: 'arn:aws:iam::123456789012:role/worker',
  Code: { ZipFile: writeArchive('index.js', SOURCE) },
});
const invocation = ask('Invoke', { FunctionName: 'uploaded', Payload: '{"text":"a"}' });
const read = ({ Payload }: { Payload: Uint8Array }) => JSON.parse(Buffer.from(Payload).toString());

test('in a worker thread', async () => {
  const live = await startLive({ port: 0, seed: 'uploaded', enforce: false });
  stop = live.stop;
  const { cloud }: { cloud: Cloud } = live;
  await cloud.request(creation);
  expect(read(await cloud.request(invocation))).toEqual(answer);
});

test('in a sandbox', async () => {
  const virtual = createVirtual({ seed: 'uploaded', enforce: false });
  stop = virtual.stop;
  await virtual.request(creation);
  expect(read(await virtual.request(invocation))).toEqual(answer);
});
