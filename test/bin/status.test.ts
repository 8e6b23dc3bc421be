/** `status --watch` goes on until somebody has seen enough. */
import { afterEach, expect, it, vi } from 'vitest';
import { statusCommand } from '../../bin/commands/status.ts';
import { desk } from '../lib/operate/desk.ts';
import { slowLambda } from '../lib/operate/slow-lambda.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('ends where nobody reads it any more', async () => {
  const { target } = await desk({ services: [slowLambda(1).service] });
  const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => {
    process.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    return false;
  });
  const untilInterrupted = () => new AbortController().signal;
  const code = await statusCommand.run({
    target,
    positionals: [],
    options: { watch: true },
    json: true,
    untilInterrupted,
  });
  expect([code, written.mock.calls.length]).toEqual([0, 1]);
});
