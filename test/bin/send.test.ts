/** `send` takes events of a file as they are meant, or says what is wrong with them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { sendCommand } from '../../bin/commands/send.ts';
import { type Desk, desk } from '../lib/operate/desk.ts';

let at: Desk;
beforeEach(async () => {
  at = await desk();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const event = { type: 'account.opened', data: { account: 'a' } };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

async function send(one: object, options: Readonly<Record<string, boolean>>): Promise<readonly [number, string]> {
  const folder = mkdtempSync(join(tmpdir(), 'send-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'events.json');
  writeFileSync(file, JSON.stringify(one));
  const said: string[] = [];
  for (const way of ['log', 'error'] as const)
    vi.spyOn(console, way).mockImplementation((text) => void said.push(text));
  const untilInterrupted = () => new AbortController().signal;
  const input = { target: at.target, positionals: [file], options, json: false, untilInterrupted };
  return [await sendCommand.run(input), said.join('\n').replaceAll(`${folder}/`, '')];
}

it.each<[object, RegExp]>([
  [{ tiem: '2026-01-05T08:00:00Z' }, /events.json: event 1 has tiem; allowed are type, data, id, time, traceparent$/],
  [{ ['x'.repeat(3000)]: 1 }, /^.{1,250}$/],
  [{ traceparent: 5 }, /event 1: traceparent is 5; allowed is a W3C trace context such as 00-/],
])('%j is a mistake in the file', async (more, told) => {
  await expect(send({ ...event, ...more }, {})).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringMatching(told),
  });
});

it.each<[object, string]>([
  [{ id: 5 }, 'refused account.opened 5: id is 5; allowed are 1 to 128 printable characters without blanks'],
  [
    { id: 'i'.repeat(3000) },
    `refused account.opened ${'i'.repeat(79)}…: id is "${'i'.repeat(78)}…; allowed are 1 to 128 printable characters without blanks`,
  ],
  [
    { id: '1', time: 'yesterday' },
    'refused account.opened 1: time is "yesterday"; allowed is an RFC 3339 time such as 2026-01-05T08:00:00Z',
  ],
])('%j is refused, in a dry run as well, and in brief', async (more, told) => {
  expect(await send({ ...event, ...more }, { 'dry-run': true })).toEqual([
    1,
    `${told}\n0 would be accepted, 1 refused`,
  ]);
  expect(await send({ ...event, ...more }, {})).toEqual([1, `${told}\n0 accepted, 1 refused`]);
  expect(at.bench.said()).toEqual([]);
});

it('what an event of the file says is in what is published', async () => {
  const more = { id: '1', time: '2026-01-05T08:00:00Z', traceparent };
  expect(await send({ ...event, ...more }, {})).toEqual([0, '1 accepted, 0 refused']);
  expect(at.bench.said()).toMatchObject([more]);
});
