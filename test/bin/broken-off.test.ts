/** A verb that fails in the midst says what it did before, and hides nothing from whoever comes next. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { dlqCommand } from '../../bin/commands/dlq.ts';
import { quarantineCommand } from '../../bin/commands/quarantine.ts';
import { readWords } from '../../bin/words.ts';
import { names } from '../../lib/model/names.ts';
import { listAudit } from '../../lib/operate/audit.ts';
import { discard } from '../../lib/operate/discard.ts';
import { boxesOf, hold, look } from '../../lib/operate/letters.ts';
import { redrive } from '../../lib/operate/redrive.ts';
import { ServiceError } from '../../localcloud/service.ts';
import { accountEvent, type Desk, deadLetters, desk, inbox, quarantine, queue } from '../lib/operate/desk.ts';
import { deployment } from '../lib/runtime/workbench.ts';

let at: Desk;
beforeEach(async () => {
  at = await desk();
});

const denied = () => new ServiceError('AccessDenied', 'not yours', { status: 403 });
/** From so many receives of a queue on there is no right to it. */
const denyReceiving = (name: string, allowed: number) => {
  let receives = 0;
  at.bench.faults.before = ({ action, input }) => {
    if (action === 'ReceiveMessage' && (input as any).QueueUrl.endsWith(`/${name}`) && receives++ >= allowed)
      throw denied();
  };
};
const verb = { selection: {}, note: 'mended', patience: 0 };
const lettersOfClose = names.deadLetters(deployment, 'close');

describe('a redrive', () => {
  const back = () => redrive(at.target, boxesOf(at.target, 'dead-letters'), { what: 'dlq redrive', ...verb });

  it('that breaks off in a later queue tells and writes down what it has sent', async () => {
    await at.giveUp(accountEvent('1'));
    denyReceiving(lettersOfClose, 0);
    expect(await back()).toMatchObject({ sent: [{ letter: { eventId: '1' } }], brokenOff: { name: 'AccessDenied' } });
    const [{ result }] = (await listAudit(at.target)) as [any];
    expect(result).toMatch(/^1 sent back, 0 not, broken off: not yours\n1 to bank-test-open.fifo/);
  });

  it('looks for all queues before the first letter', async () => {
    await at.giveUp(accountEvent('1'));
    at.bench.faults.before = ({ action, input }) => {
      if (action === 'GetQueueUrl' && (input as any).QueueName === lettersOfClose) throw denied();
    };
    await expect(back()).rejects.toThrow('not yours');
    expect([await at.depth(deadLetters), await at.depth(queue)]).toEqual([1, 0]);
    expect(await listAudit(at.target)).toEqual([]);
  });

  it('lets go of what it had received when it fails', async () => {
    await at.giveUp(accountEvent('1'));
    denyReceiving(deadLetters, 1);
    expect(await back()).toMatchObject({ sent: [], brokenOff: { name: 'AccessDenied' } });
    expect(await at.depth(deadLetters)).toBe(1);
  });
});

it('a discard that breaks off tells what it has taken away', async () => {
  await at.giveUp(accountEvent('1'));
  denyReceiving(lettersOfClose, 0);
  const boxes = boxesOf(at.target, 'dead-letters');
  const done = await discard(at.target, boxes, { what: 'dlq discard', ...verb });
  expect(done).toMatchObject({ discarded: [{ eventId: '1' }], brokenOff: { name: 'AccessDenied' } });
});

it('a look that fails in one queue hides nothing in the others', async () => {
  await at.giveUp(accountEvent('1'));
  denyReceiving(lettersOfClose, 0);
  await expect(look(at.target, boxesOf(at.target, 'dead-letters'), { patience: 0 })).rejects.toThrow('not yours');
  expect(await at.depth(deadLetters)).toBe(1);
});

describe('on the command line', () => {
  const commands = { dlq: dlqCommand, quarantine: quarantineCommand };
  /** What it printed, and the message with which it ended, if it failed. */
  async function run(line: string): Promise<{ readonly said: string; readonly error: string | undefined }> {
    const [name, ...words] = line.split(' ') as ['dlq' | 'quarantine', ...string[]];
    const { positionals, values } = readWords(commands[name], words);
    const said: string[] = [];
    for (const way of ['log', 'error'] as const)
      vi.spyOn(console, way).mockImplementation((text) => void said.push(text));
    const untilInterrupted = () => new AbortController().signal;
    const input = { target: at.target, positionals, options: values, json: values.json === true, untilInterrupted };
    const error = await commands[name].run(input).then(
      () => undefined,
      ({ message }: Error) => message,
    );
    vi.restoreAllMocks();
    return { said: said.join('\n'), error };
  }

  it('what was sent is printed before the error', async () => {
    await at.giveUp(accountEvent('1'));
    denyReceiving(lettersOfClose, 0);
    const { said, error } = await run('dlq redrive --all --note x');
    expect([said, error]).toEqual([expect.stringContaining('went back to open: account.opened 1'), 'not yours']);
    expect(said).toContain('1 sent back, 0 not');
  });

  it('as JSON too', async () => {
    await at.giveUp(accountEvent('1'));
    denyReceiving(lettersOfClose, 0);
    const { said, error } = await run('dlq discard --all --note x --json');
    expect(JSON.parse(said)).toMatchObject({ brokenOff: 'AccessDenied: not yours', discarded: [{ eventId: '1' }] });
    expect(error).toBe('not yours');
  });

  it('and what was released from quarantine', async () => {
    const attributes = { stage: 'open', reason: 'schema' };
    await at.put(quarantine, JSON.stringify({ detail: accountEvent('1') }), { attributes });
    // The first round ends where nothing is shown any more; the second is denied.
    denyReceiving(quarantine, 2);
    const { said, error } = await run('quarantine release --all --note x --json');
    expect(JSON.parse(said)).toMatchObject({ brokenOff: 'AccessDenied: not yours', sent: [{ to: inbox }] });
    expect(error).toBe('not yours');
  });

  it('where nothing is shown, it says how much is in hands', async () => {
    await at.giveUp(accountEvent('1'));
    await hold(at.target, boxesOf(at.target, 'dead-letters', 'open')[0]!, { seconds: 600, patience: 0 });
    const told = '1 is in somebody’s hands; look again in two minutes';
    expect((await run('dlq list open')).said).toContain(`nothing lies there that is selected: stage open; ${told}`);
    expect((await run('dlq list open --json')).said).toMatch(new RegExp(`^\\[\\]\n.*${told}`));
    expect((await run('quarantine list')).said).toBe('nothing lies there');
  });
});
