/** What a command says while it works: for a terminal one line that changes, elsewhere lines; and nothing beside a result for programs. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { createSteps } from '../../bin/start/steps.ts';

function paper(isTTY: boolean) {
  let text = '';
  const write = (more: string) => {
    text += more;
    return true;
  };
  return { isTTY, write, text: () => stripVTControlCharacters(text) };
}

describe('steps', () => {
  it('go where they are sent, and not to standard output; of progress a line in two seconds', async () => {
    const out = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const to = paper(false);
    const steps = createSteps({ to: to as never });
    expect(await steps.time('made', async () => ['three', 3] as const)).toBe(3);
    steps.progress('1 of 3');
    steps.progress('2 of 3');
    steps.say('by the way');
    steps.settle();
    const said = out.mock.calls.length;
    out.mockRestore();
    expect(said).toBe(0);
    expect(to.text()).toMatch(/^✔ made three {2}\d\.\d s\n1 of 3\nby the way\n$/);
  });

  it('are one line where it can be written over', () => {
    const to = paper(true);
    const steps = createSteps({ to: to as never });
    steps.progress('1 of 2');
    steps.progress('2 of 2');
    steps.settle();
    expect(to.text()).toBe('\r1 of 2\r2 of 2\r');
  });

  it('are silent where they are to be', async () => {
    const to = paper(true);
    const steps = createSteps({ quiet: true, to: to as never });
    await steps.time('made', async () => 'it');
    steps.progress('1 of 2');
    steps.say('by the way');
    steps.settle();
    expect(to.text()).toBe('');
  });
});
