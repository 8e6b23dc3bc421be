/** A stage that is in the checkout and not in the cloud: what looks goes on without it, what changes something does not begin. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { dlqCommand } from '../../bin/commands/dlq.ts';
import { regionsCommand } from '../../bin/commands/regions.ts';
import { replayCommand } from '../../bin/commands/replay.ts';
import { statusCommand } from '../../bin/commands/status.ts';
import { traceCommand } from '../../bin/commands/trace.ts';
import { readWords } from '../../bin/words.ts';
import { names } from '../../lib/model/names.ts';
import { stage } from '../../lib/model/stage.ts';
import { listAudit } from '../../lib/operate/audit.ts';
import { deployedOf } from '../../lib/operate/deployed.ts';
import { regions } from '../../lib/operate/regions.ts';
import { status } from '../../lib/operate/status.ts';
import { switchesIn } from '../../lib/operate/switchboard.ts';
import type { Target } from '../../lib/operate/target.ts';
import { trace } from '../../lib/operate/trace.ts';
import { administrator } from '../../localcloud/cloud.ts';
import { logs } from '../../localcloud/logs/index.ts';
import { accountEvent, bank, type Desk, deadLetters, desk, filed } from '../lib/operate/desk.ts';
import { slowLambda } from '../lib/operate/slow-lambda.ts';
import { deployment } from '../lib/runtime/workbench.ts';

const told = 'extra-stage is a stage of this checkout that is not deployed in eu-west-1';
let at: Desk;
let target: Target;
beforeEach(async () => {
  at = await desk({ services: [slowLambda(1).service, logs] });
  for (const name of ['open', 'close'])
    await at.bench.cloud.request({
      ...{ service: 'events', action: 'PutRule', region: 'eu-west-1', principal: administrator },
      input: {
        Name: names.rule(deployment, name),
        EventBusName: names.bus(deployment),
        EventPattern: '{"source":["x"]}',
      },
    });
  const stages = [...bank.stages, stage('extra-stage', { accepts: [filed] })];
  target = { ...at.target, pipeline: { ...bank, stages } };
});

async function run(line: string): Promise<string> {
  const [name, ...words] = line.split(' ');
  const command = [dlqCommand, regionsCommand, replayCommand, statusCommand, traceCommand].find(
    (one) => one.name === name,
  )!;
  const { positionals, values } = readWords(command, words);
  const said: string[] = [];
  for (const way of ['log', 'error'] as const)
    vi.spyOn(console, way).mockImplementation((text) => void said.push(text));
  const untilInterrupted = () => new AbortController().signal;
  await command
    .run({ target, positionals, options: values, json: values.json === true, untilInterrupted })
    .finally(() => vi.restoreAllMocks());
  return said.join('\n');
}

describe('what looks', () => {
  it('status shows the others, and names it', async () => {
    const { stages, missing } = await status(target);
    expect([stages.map((one) => one.stage), missing]).toEqual([['open', 'close'], ['extra-stage']]);
    expect(await run('status')).toContain(told);
  });

  it('dlq list lists the others, and names it; as JSON the list stays one', async () => {
    await at.giveUp(accountEvent('1'));
    expect(await run('dlq list')).toMatch(new RegExp(`^${told}\n[^]*account.opened 1`));
    const [first, ...rest] = (await run('dlq list --json')).split('\n');
    expect([first, JSON.parse(rest.join('\n'))]).toEqual([told, [expect.objectContaining({ eventId: '1' })]]);
  });

  it('trace notes it', async () => {
    await at.giveUp(accountEvent('1'));
    const [{ notes, open }] = (await trace(target, '1', { patience: 0 })) as [any];
    expect(open).toMatchObject([{ stage: 'open', where: 'dead-lettered' }]);
    expect(notes).toContain(told);
  });

  it('regions counts the others, and names it', async () => {
    const [one] = await regions(target, ['eu-west-1']);
    expect(one).toMatchObject({ missing: ['extra-stage'], switches: { all: { rules: 2, sources: 4 } } });
    expect(await run('regions eu-west-1')).toContain(told);
  });
});

describe('what changes something', () => {
  const refused = `${told}, so nothing was changed. Use the checkout of the version that is deployed there`;

  it.each([
    'dlq redrive --all --note x',
    'dlq redrive --all --dry-run',
    'dlq redrive extra-stage --note x',
    'dlq discard --all --note x',
    'replay --from 1h --note x',
    'replay --from 1h --dry-run',
  ])('%s is refused before it begins', async (line) => {
    await at.giveUp(accountEvent('1'));
    await expect(run(line)).rejects.toThrow(refused);
    expect([await at.depth(deadLetters), await listAudit(at.target)]).toEqual([1, []]);
  });

  it('what is for other stages goes on', async () => {
    await at.giveUp(accountEvent('1'));
    expect(await run('dlq redrive open --note x')).toContain('1 sent back, 0 not');
  });

  it('a hand-over looks for the rules of all stages first', async () => {
    await expect(switchesIn(target)).rejects.toThrow(refused);
  });
});

it('where no stage is, the pipeline is not deployed', async () => {
  const elsewhere = { ...target, deployment: { ...deployment, environment: 'prod' } };
  await expect(deployedOf(elsewhere)).rejects.toThrow(
    'there is no queue bank-prod-open-dlq.fifo in eu-west-1; is bank-prod deployed there?',
  );
});
