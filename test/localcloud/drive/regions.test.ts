/** Regions lost and restored over the wire, under the wall clock. */
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Live, startLive } from '../../../localcloud/drive/live.ts';
import { sqs } from '../../../localcloud/sqs/index.ts';
import { signed } from '../../../localcloud/wire/sign.ts';
import { wallClock } from '../../../localcloud/world.ts';
import { stubMonitoring } from './stubs.ts';

const [HERE, THERE] = ['eu-west-1', 'eu-central-1'];
let live: Live;

beforeEach(async () => {
  live = await startLive({ port: 0, seed: 'regions', services: [sqs, stubMonitoring] });
  for (const region of [HERE, THERE]) live.cloud.state('sqs', region);
});
afterEach(() => live.stop());

async function say(words: object): Promise<[number, any]> {
  const body = JSON.stringify(words);
  const { host } = new URL(live.endpoint);
  const { method, path, headers } = signed({ method: 'POST', path: '/_local/regions', host, body }, wallClock());
  const response = await fetch(`${live.endpoint}${path}`, { method, headers, body });
  return [response.status, await response.json()];
}

const list = (region: string) => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SQSClient({ region, endpoint: live.endpoint, credentials, maxAttempts: 1 });
  return client.send(new ListQueuesCommand({})).then(
    () => 'answered',
    ({ code }) => code,
  );
};

test('a region is lost, and restored', async () => {
  expect(await say({ lose: HERE })).toEqual([200, { regions: [HERE, THERE], lost: [HERE], cut: [] }]);
  expect([await list(HERE), await list(THERE)]).toEqual(['ECONNRESET', 'answered']);
  expect(await say({ restore: HERE })).toEqual([200, { regions: [HERE, THERE], lost: [], cut: [] }]);
  expect(await list(HERE)).toBe('answered');
});

test('links are cut, and mended', async () => {
  const ways = [
    [HERE, THERE],
    [THERE, HERE],
  ];
  expect(await say({ partition: [HERE, THERE] })).toEqual([200, { regions: [HERE, THERE], lost: [], cut: ways }]);
  expect(live.cloud.links.reaches(HERE, THERE)).toBe(false);
  expect((await say({ heal: true }))[1].cut).toEqual([]);
  expect(live.cloud.links.reaches(HERE, THERE)).toBe(true);
  expect((await say({ partition: [THERE] }))[1].cut).toEqual(ways);
  expect(live.cloud.links.reaches(HERE, THERE)).toBe(false);
  expect(await list(THERE)).toBe('answered');
});

test.each<[object, RegExp]>([
  [{ lose: 'eu-north-9' }, /no region eu-north-9 in this cloud; it has eu-west-1, eu-central-1/],
  [{ lose: [HERE, THERE] }, /lose names 2 regions/],
  [{ partition: [] }, /partition names 0 regions/],
  [{ burn: HERE }, /the body has burn; allowed is one of/],
  [{ lose: HERE, restore: THERE }, /the body has lose, restore/],
])('%j is refused', async (words, message) => {
  const [status, { message: said }] = await say(words);
  expect([status, said]).toEqual([400, expect.stringMatching(message)]);
  expect(live.cloud.links.lost.size).toBe(0);
});
