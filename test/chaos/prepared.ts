/** The pipeline as it is deployed, prepared once for a file of tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Asked, replayOf } from '../../bin/simulate/asked.ts';
import type { Outcome } from '../../bin/simulate/outcome.ts';
import { type Prepared, prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';

export interface Place {
  readonly prepared: Prepared;
  readonly folder: string;
}

/** Where things are, once the tests run. */
export function placed(work: (folder: string) => Promise<Prepared> = usual): () => Place {
  let place: Place | undefined;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bulkhead-chaos-'));
    place = { folder, prepared: await work(folder) };
  }, 60_000);
  afterAll(() => place && rm(place.folder, { recursive: true, force: true }));
  return () => place!;
}

const usual = (folder: string) =>
  prepare(createSteps({ quiet: true }), {
    assembly: join(folder, 'cdk.out'),
    functions: join(folder, 'functions'),
    shared: true,
    rebuilt: true,
  });

/** What went wrong, with the command that shows it; nothing if nothing did. */
export const complaints = ({ seed, scenario, violations }: Outcome, asked: Partial<Asked> = {}): readonly string[] =>
  violations.map(
    ({ invariant, examples }) =>
      `${invariant}: ${examples[0]} (again: ${replayOf(seed, { scenario, libraries: 'shared', ...asked })})`,
  );
