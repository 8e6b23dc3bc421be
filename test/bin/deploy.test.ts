/** What is deployed: everything, or one region while the other is lost. */
import { spawnSync } from 'node:child_process';
import { matchesGlob } from 'node:path';
import { expect, it } from 'vitest';
import { deployWords } from '../../bin/deploy-words.ts';
import { synthesise } from '../lib/infra/templates.ts';

const of = { stacks: 'bank-dev', regions: ['eu-west-1', 'eu-central-1'] };

it('all stacks are deployed, and what else is said is for cdk', () => {
  expect(deployWords(['-c', 'traffic=AllAtOnce'], of)).toEqual({
    only: undefined,
    arguments: ['deploy', '--all', '-c', 'traffic=AllAtOnce'],
  });
});

it('of one region its stacks are deployed, nothing of the other, and the tables where it is their home', () => {
  const { stacks } = synthesise();
  const chosen = (region: string) => {
    const { only, arguments: words } = deployWords(
      ['-c', 'environment=dev', '--only', region, '--concurrency', '2'],
      of,
    );
    expect(only).toBe(region);
    const [verb, pattern, ...rest] = words;
    expect([verb, ...rest]).toEqual(['deploy', '--exclusively', '-c', 'environment=dev', '--concurrency', '2']);
    return stacks.filter((stack) => matchesGlob(stack, pattern!)).sort();
  };
  const own = (region: string) => ['keys', 'monitor', 'pipeline'].map((kind) => `bank-dev-${kind}-${region}`);
  expect(chosen('eu-central-1')).toEqual(own('eu-central-1'));
  expect(chosen('eu-west-1')).toEqual(['bank-dev-data-eu-west-1', ...own('eu-west-1')]);
}, 60_000);

it.each([
  [['--only', 'mars'], '--only is mars; allowed are eu-west-1 and eu-central-1'],
  [['--only'], '--only is nothing; allowed are eu-west-1 and eu-central-1'],
])(
  'npm run deploy -- %s: that is a mistake, before anybody is asked',
  (words, told) => {
    const { status, stderr } = spawnSync(process.execPath, ['bin/deploy.ts', ...words], { encoding: 'utf8' });
    expect([status, stderr.trim()]).toEqual([2, told]);
  },
  60_000,
);
