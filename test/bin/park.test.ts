/** What `park skip` tells of what it passes over. */
import * as v from 'valibot';
import { afterEach, expect, it, vi } from 'vitest';
import { parkCommand } from '../../bin/commands/park.ts';
import { event } from '../../lib/model/event.ts';
import { parkedKey } from '../../lib/model/names.ts';
import { pipeline } from '../../lib/model/pipeline.ts';
import { stage } from '../../lib/model/stage.ts';
import { createTarget } from '../../lib/operate/target.ts';
import { lambda } from '../../lib/runtime/lambda.ts';
import { batch, deployment, eventOf, invocation, workbench } from '../lib/runtime/workbench.ts';

const opened = event('account.opened', { schema: v.object({ account: v.string() }), entity: ({ account }) => account });
const open = stage('open', { accepts: [opened] });
const bank = pipeline('bank', { entries: [opened], stages: [open] });

afterEach(() => {
  vi.restoreAllMocks();
});

it('an event that waited and is not in the table any more is told to be lost', async () => {
  const bench = await workbench({ stage: 'open' });
  const nth = (number: number) => ({
    event: { ...eventOf(opened, `e${number}`, opened({ account: 'a' })), sequence: `open=7.${number}` },
  });
  await lambda(open, () => [])(batch('open', [nth(2), nth(3)]), invocation());
  await bench.remove('records', parkedKey('open', 'e2'));
  await lambda(open, () => [])(batch('open', [nth(1)]), invocation());
  const said: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text) => void said.push(text));
  await parkCommand.run({
    target: createTarget({ pipeline: bank, deployment, region: 'eu-west-1', endpoint: process.env.AWS_ENDPOINT_URL }),
    positionals: ['skip', 'open', 'a'],
    options: { 'dry-run': true },
    json: false,
    untilInterrupted: () => new AbortController().signal,
  });
  expect(said).toEqual([
    expect.stringMatching(
      /^would skip 2 \(of .*\) of bank.ingress; next goes e3. e2, which waited there, is lost: it is not in the table any more$/,
    ),
  ]);
});
