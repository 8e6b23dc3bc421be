/** `npm start` and `npm run simulate` end on an error with a sentence and an exit code, and leave nothing behind. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { endOn } from '../../bin/ending.ts';
import { liveRun } from '../../bin/start/live.ts';
import { UsageError } from '../../bin/start/options.ts';
import { holderOf } from '../../bin/start/port.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { DeclarationError } from '../../lib/model/declaration-error.ts';
import { RefusedError, UsageError as UnfitError } from '../../lib/operate/target.ts';
import { RefusedDeploymentError } from '../../localcloud/drive/deploy-to.ts';
import { DeploymentError } from '../../localcloud/stack/deploy.ts';
import { smallAssembly } from './small-assembly.ts';

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

it.each([
  [
    'fails says which stack, which resource and why',
    { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'no topic' } } },
    [DeploymentError, /^small \(eu-west-1\) is ROLLBACK_COMPLETE: .*\[Topic\]\. AWS::SNS::Topic: Invalid parameter/],
  ],
  [
    'is not tried says so of the stack',
    { Bucket: { Type: 'AWS::S3::Bucket' }, Site: { Type: 'AWS::S3::Bucket' } },
    [
      RefusedDeploymentError,
      /^small \(eu-west-1\) cannot be deployed: AWS::S3::Bucket Bucket: .*\nAWS::S3::Bucket Site: .*this type\ntypes that it knows: /,
    ],
  ],
] as const)(
  'a first deployment that %s, and the cloud is gone',
  async (_, resources, [kind, told]) => {
    const prepared = smallAssembly(resources);
    const port = await freePort();
    const options = { port, seed: 'x', startedAt: 0, sample: 1, pace: 0, patience: 1000 };
    const failed = await liveRun(prepared, options, createSteps({ quiet: true })).catch((error) => error);
    prepared.remove();
    expect(failed).toBeInstanceOf(kind);
    expect(failed.message).toMatch(told);
    expect(await holderOf(port)).toBe('free');
  },
  60_000,
);

const report = { stacks: [{ StackName: 'small' }] as never, warnings: [] };

it.each([
  [new UsageError('--port is x'), 2, /^--port is x\n\nthe usage$/],
  [new UnfitError('the configuration says otherwise'), 2, /^the configuration says otherwise$/],
  [new DeclarationError('configuration "dev": …'), 2, /^configuration "dev": …$/],
  [new RefusedError('not now'), 1, /^not now$/],
  [
    new DeploymentError('small is ROLLBACK_COMPLETE', report),
    1,
    /^✘ small is ROLLBACK_COMPLETE\n.*docs\/coverage\.md$/,
  ],
])('%s', (error, code, told) => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const ended = endOn(error, 'the usage');
  const [text] = said.mock.calls[0]!;
  said.mockRestore();
  expect(ended).toBe(code);
  expect(text).toMatch(told);
});

it('a bug is shown whole, with its stack', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const bug = new TypeError('undefined is not a function');
  const ended = endOn(bug, 'the usage');
  const calls = said.mock.calls;
  said.mockRestore();
  expect([ended, calls]).toEqual([1, [[bug]]]);
});

it.each([
  ['bin/start.ts --wat', /^there is no option --wat; there are --\w+, .*--help\n\nnpm /],
  ['bin/simulate.ts --wat', /^there is no option --wat; there are --\w+, .*--help\n\nnpm /],
  ['bin/simulate.ts --seed s7 --events 99', /^--events has 99; the workload of s7 has \d+ events/],
])(
  '%s: is refused before anything is built',
  (line, told) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/node.mjs', ...line.split(' ')], {
      encoding: 'utf8',
    });
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringMatching(told)]);
  },
  60_000,
);

it('what is declared wrongly is told without a stack by every program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-program-'));
  const program = join(folder, 'program.mjs');
  const model = import.meta.resolve('../../lib/model/pipeline.ts');
  writeFileSync(program, `import { pipeline } from '${model}'; pipeline('No', { entries: [], stages: [] });`);
  const { status, stderr } = spawnSync(process.execPath, ['bin/node.mjs', program], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^pipeline name "No" is not .*\n$/)]);
}, 60_000);
