/** The same seed gives the same history: in this thread, and in a process of its own. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { outcomeOf } from '../../bin/simulate/outcome.ts';
import { placed } from './prepared.ts';

const place = placed();

const program = `
  const [outcome, prepared, options] = process.argv.slice(1);
  const { outcomeOf } = await import(outcome);
  const { hash } = await outcomeOf(JSON.parse(prepared), JSON.parse(options));
  console.log(hash);
`;

it.each(['all', 'regions'])(
  'one seed of %s has one history hash',
  async (scenario) => {
    const options = { seed: 'determinism', scenario, size: 3, hashed: true };
    const { prepared } = place();
    const elsewhere = promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      program,
      resolve('bin/simulate/outcome.ts'),
      JSON.stringify(prepared),
      JSON.stringify(options),
    ]);
    const here = await outcomeOf(prepared, options);
    expect(here.hash).toMatch(/^[0-9a-f]{64}$/);
    expect((await elsewhere).stdout.trim()).toBe(here.hash);
    expect(here.fired.length).toBeGreaterThan(0);
  },
  60_000,
);
