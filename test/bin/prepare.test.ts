/** From source to assembly, twice in one process: as the bench does, and whoever prepares what has changed. */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { readAssembly } from '../../localcloud/stack/assembly.ts';

const scratch = resolve(`dist/prepare-test-${process.pid}`);
afterAll(() => rm(scratch, { recursive: true, force: true }));

it('is whole each time, in the same folder', async () => {
  const folders = { assembly: `${scratch}/cdk.out`, functions: `${scratch}/functions` };
  for (let time = 0; time < 2; time++) {
    const { assembly } = await prepare(createSteps({ quiet: true }), folders);
    // It looks for the folder of every asset.
    expect(() => readAssembly(assembly)).not.toThrow();
  }
}, 60_000);

it('a configuration that is refused while all is bundled is heard of, once', async () => {
  vi.resetModules();
  vi.doMock('../../bin/app.ts', () => {
    throw new Error('refused');
  });
  const { prepare: anew } = await import('../../bin/start/prepare.ts');
  // A rejection that nobody awaits fails this file.
  await expect(anew(createSteps({ quiet: true }), { functions: `${scratch}/refused` })).rejects.toThrow();
  vi.doUnmock('../../bin/app.ts');
}, 60_000);
