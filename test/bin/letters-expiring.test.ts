/** Whoever looks at letters is told of those that SQS deletes before long: the alarm may not see them for the looking. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { commands } from '../../bin/commands.ts';
import { readWords } from '../../bin/words.ts';
import { look } from '../../lib/operate/letters.ts';
import { accountEvent, desk, quarantine } from '../lib/operate/desk.ts';

const DAY_MS = 86_400_000;

it('letters that have lain for five days are told of, with when the oldest of them is deleted', async () => {
  const at = await desk();
  for (const id of ['1', '2'])
    await at.put(quarantine, JSON.stringify({ detail: accountEvent(id) }), { attributes: { stage: 'open' } });
  const box = { kind: 'quarantine', queue: quarantine, stage: undefined } as const;
  const sent = (await look(at.target, [box], { patience: 0 })).map((letter) => letter.sent);

  const listedAfter = async (milliseconds: number): Promise<string> => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    const command = commands.find(({ name }) => name === 'quarantine')!;
    const { positionals, values } = readWords(command, ['list']);
    const target = {
      ...at.target,
      trail: { ...at.target.trail, now: () => Math.max(...sent) + milliseconds },
    };
    const untilInterrupted = () => new AbortController().signal;
    await command.run({ target, positionals, options: values, json: false, untilInterrupted });
    return log.mock.lastCall![0];
  };
  expect(await listedAfter(5 * DAY_MS - 60_000)).not.toContain('deletes');
  const deleted = new Date(Math.min(...sent) + 14 * DAY_MS).toISOString();
  expect(await listedAfter(5 * DAY_MS)).toMatch(
    new RegExp(
      `\n2 of them have lain for 5 days or longer; SQS deletes a letter after 14, the oldest of these at ${deleted}$`,
    ),
  );
});
