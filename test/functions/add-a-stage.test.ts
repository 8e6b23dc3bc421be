/** Does what docs/guides/add-a-stage.md says, with the code of that page, in a copy of the sources. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, describe, expect, it } from 'vitest';
import { isTerminal } from '../../lib/model/failure.ts';
import { eventTypesOf, type Pipeline } from '../../lib/model/pipeline.ts';
import { readEvent } from '../../lib/runtime/delivery.ts';
import { idleFunctions, readTemplates, scratch } from '../lib/infra/templates.ts';

// Whoever follows the page for real finds the steps done, and nothing left to try.
const done = existsSync('functions/award-points');

// Inside the repository, so that packages are found.
const copy = resolve(`dist/guide-${process.pid}`);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const page = readFileSync('docs/guides/add-a-stage.md', 'utf8');
/** The code of a step of the page. */
const codeOf = (step: number): string => {
  const text = page.split(/^(?=\d\. )/m).find((part) => part.startsWith(`${step}. `))!;
  const [, code] = text.match(/```ts\n([\s\S]+?) *```/)!;
  return code!.replaceAll(/^ {3}/gm, '');
};
const read = (path: string) => readFileSync(join(copy, path), 'utf8');
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), text);
};

/** `exits: […, pointsEarned],` adds to a list that is there; a line without an ellipsis is an import. */
function addLines(path: string, lines: readonly string[]): void {
  const literally = (text: string) => text.replaceAll(/[[\]{}.*+?()|^$\\]/g, '\\$&');
  for (const line of lines) {
    const [, before, name, after] = line.trim().match(/^(.*)…, (\w+)(.*)$/) ?? [];
    if (name === undefined) write(path, `${line}\n${read(path)}`);
    else {
      const list = new RegExp(`${literally(before!)}([^;]*?)${literally(after!)}`);
      expect(read(path)).toMatch(list);
      write(
        path,
        read(path).replace(list, (_, known) => `${before}${known}, ${name}${after}`),
      );
    }
  }
}

function copySources(): void {
  for (const folder of ['bin', 'events', 'functions', 'lib', 'cdk.json'])
    cpSync(folder, join(copy, folder), { recursive: true });
  write('tsconfig.json', JSON.stringify({ extends: '../../tsconfig.json', include: ['events', 'functions', 'test'] }));
}

/** What the compiler finds wrong with the copy. */
function problems(): string {
  try {
    return execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '--noEmit', '-p', copy], {
      encoding: 'utf8',
    });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

type Followed = Awaited<ReturnType<typeof followThePage>>;
const ready = done ? undefined : await followThePage();

/** All steps; the last line of the pipeline after a look at what the compiler says without it. */
async function followThePage() {
  copySources();
  write('events/index.ts', `${read('events/index.ts')}\n${codeOf(1)}`);
  write('functions/award-points/stage.ts', codeOf(2));
  write('functions/award-points/handler.ts', codeOf(3));
  write('test/functions/award-points.test.ts', codeOf(5));
  const lines = codeOf(4)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const exit = lines.filter((line) => line.includes('pointsEarned'));
  addLines(
    'functions/index.ts',
    lines.filter((line) => !exit.includes(line)),
  );
  const unheard = problems();
  addLines('functions/index.ts', exit);

  const { orders }: { orders: Pipeline } = await import(join(copy, 'functions/index.ts'));
  const { buildApp, environments } = await import(join(copy, 'bin/app.ts'));
  const outdir = mkdtempSync(join(scratch, 'cdk-'));
  buildApp(environments.dev, { outdir, validation: false, functions: idleFunctions(orders) }).synth();
  // The test of the page becomes one of this file.
  await import(join(copy, 'test/functions/award-points.test.ts'));
  return { app: readTemplates(outdir), pipeline: orders, unheard };
}

describe.skipIf(ready === undefined)('the stage of the page', () => {
  const { app, pipeline, unheard } = ready ?? ({} as Followed);

  it('does not compile while its event is neither heard nor an exit, and the error names the event', () => {
    expect(unheard).toMatch(/functions\/index\.ts/);
    expect(unheard).toMatch(/points\.earned/);
    expect(unheard.match(/: error TS/g)).toHaveLength(1);
  });

  it('compiles as the page has it', () => {
    expect(problems()).toBe('');
  });

  it('is part of the pipeline', () => {
    expect(pipeline.stages.at(-1)!.name).toBe('award-points');
    expect(pipeline.exits.map(({ type }) => type)).toContain('points.earned');
    expect(eventTypesOf(pipeline).map(({ type }) => type)).toContain('points.earned');
  });

  it.each(['eu-west-1', 'eu-central-1'])('has all that a stage needs in %s', (region) => {
    const resources = ['pipeline', 'monitor'].flatMap((kind) => app.resources(`orders-dev-${kind}-${region}`));
    const named = (type: string, property: string) =>
      resources
        .filter((one) => one.Type === type && String(one.Properties[property]).includes('award-points'))
        .map(({ Properties }) => Properties[property])
        .sort();
    expect(named('AWS::SQS::Queue', 'QueueName')).toEqual([
      'orders-dev-award-points-dlq.fifo',
      'orders-dev-award-points-inbox',
      'orders-dev-award-points-inbox-dlq',
      'orders-dev-award-points.fifo',
    ]);
    expect(named('AWS::Events::Rule', 'Name')).toEqual(['orders-dev-award-points']);
    expect(named('AWS::IAM::Role', 'RoleName')).toEqual([`orders-dev-award-points-${region}`]);
    expect(named('AWS::IAM::ManagedPolicy', 'ManagedPolicyName')).toEqual([`orders-dev-award-points-${region}`]);
    expect(named('AWS::Lambda::Function', 'FunctionName')).toEqual(['orders-dev-award-points']);
    expect(named('AWS::Lambda::EventSourceMapping', 'EventSourceArn')).toEqual([
      'orders-dev-award-points-inbox',
      'orders-dev-award-points.fifo',
    ]);
    expect(named('AWS::CloudWatch::Alarm', 'AlarmName')).toEqual(
      [
        ...['age', 'conflicts', 'dead-letters', 'duration', 'errors', 'expiring', 'failed-deliveries', 'inbox-age'],
        ...['inbox-dead-letters', 'lost-deliveries', 'parked', 'throttles'],
      ].map((kind) => `orders-dev-award-points-${kind}`),
    );
    expect(named('AWS::CloudWatch::CompositeAlarm', 'AlarmName')).toEqual(['orders-dev-award-points-stage']);
    const [dashboard] = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
    expect(dashboard!.Properties.DashboardBody).toContain('orders-dev-award-points.fifo');
  });

  it('has its table', () => {
    const tables = app.resources('orders-dev-data-eu-west-1', 'AWS::DynamoDB::GlobalTable');
    expect(tables.map(({ Properties }) => Properties.TableName)).toContain('orders-dev-points');
  });

  it('takes the sample that the page has one copy', async () => {
    const { Records }: SQSEvent = JSON.parse(read('events/samples/notify-customer.json'));
    const stage = pipeline.stages.find(({ name }) => name === 'award-points')!;
    const heard = await Promise.all(Records.map(({ body }) => readEvent(stage, body)));
    expect(heard.filter((one) => !isTerminal(one)).map((event) => (event as { type: string }).type)).toEqual([
      'order.confirmed',
    ]);
    expect(page).toContain('`notify-customer.json`');
  });
});
