/**
 * From one model to another, and back, by updates that CloudFormation can make: what has a literal name is not replaced, for
 * its successor would need the name that is taken. Which properties mean a replacement the local cloud knows by type.
 */
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { configuration, type PipelineConfig } from '../../../lib/infra/config.ts';
import { event } from '../../../lib/model/event.ts';
import type { Pipeline } from '../../../lib/model/pipeline.ts';
import { stage } from '../../../lib/model/stage.ts';
import { table } from '../../../lib/model/uses.ts';
import { resourceTypes } from '../../../localcloud/stack/types/index.ts';
import { bank, guarded } from './bank.ts';
import { type Resource, type Synthesised, synthesise } from './templates.ts';

/** What the local cloud does not have, or does not name: CloudFormation reference, "Update requires: Replacement". */
const others: Readonly<Record<string, { readonly named: string; readonly replacement: readonly string[] }>> = {
  'AWS::CodeDeploy::DeploymentGroup': { named: 'DeploymentGroupName', replacement: ['ApplicationName'] },
  'AWS::Events::Endpoint': { named: 'Name', replacement: [] },
  'AWS::Events::Rule': { named: 'Name', replacement: ['EventBusName'] },
  'AWS::Lambda::Alias': { named: 'FunctionName', replacement: ['Name'] },
};

/** They are named by nobody, and made beside what they replace. */
const unnamed = [
  ...['AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::EventSourceMapping', 'AWS::Lambda::Permission'],
  ...['AWS::Lambda::Version', 'AWS::KMS::Key', 'AWS::Route53::HealthCheck', 'AWS::SNS::TopicPolicy'],
  ...['AWS::SQS::QueuePolicy', 'AWS::SNS::Subscription'],
];

const ruleOf = (type: string) => others[type] ?? resourceTypes.get(type);

interface Named extends Pick<Resource, 'Type' | 'Properties'> {
  /** Stack and logical id. */
  readonly where: string;
}

/** What has a literal name, by type, region and name: roles and policies are named once in an account, and say their region. */
const namedIn = (app: Synthesised): ReadonlyMap<string, Named> =>
  new Map(
    app.stacks.flatMap((stack) =>
      app.resources(stack).flatMap(({ id, Type, Properties }): [string, Named][] => {
        if (unnamed.includes(Type)) return [];
        const name = Properties[ruleOf(Type)?.named ?? ''];
        expect(name, `${Type} ${id} has no literal name, and no reason not to have one`).toEqual(expect.any(String));
        const [region] = stack.match(/eu-\w+-\d$/)!;
        return [[`${Type} ${region} ${name}`, { Type, Properties, where: `${stack}/${id}` }]];
      }),
    ),
  );

const schema = v.object({ account: v.string(), cents: v.number() });
const entity = ({ account }: { readonly account: string }) => account;
const accountClosed = event('account.closed', { schema, entity });
const [clear, book, watch, tell] = bank.stages as [any, any, any, any];
const alone = stage('close-account', {
  accepts: [accountClosed],
  uses: { closings: table<{ cents: number }>('closings').to('add') },
});
const withStages = (...stages: Pipeline['stages']): Pipeline => ({ ...bank, stages });

const models: readonly (readonly [string, Pipeline])[] = [
  [
    'an entry event more',
    {
      ...withStages(clear, { ...book, accepts: [...book.accepts, accountClosed] }, watch, tell),
      entries: [...bank.entries, accountClosed],
    },
  ],
  [
    'a stage more, with a table, before the others',
    { ...withStages(alone, ...bank.stages), entries: [accountClosed, ...bank.entries] },
  ],
  ['a stage less', withStages(clear, book, tell)],
  [
    'other limits of a stage',
    withStages({ ...clear, timeoutSeconds: 30, memoryMb: 512, attempts: 8, concurrency: 9 }, book, watch, tell),
  ],
  ['a stage that says and hears something else', withStages(clear, book, { ...watch, accepts: bank.entries }, tell)],
  ['the stages in another order', withStages(tell, watch, book, clear)],
];

const configurations: readonly (readonly [string, Partial<PipelineConfig>])[] = [
  [
    'everything else that a configuration says',
    {
      traffic: 'AllAtOnce',
      reserveConcurrency: false,
      logRetentionDays: 30,
      archiveDays: 30,
      publishers: ['arn:aws:iam::210987654321:root'],
      alarmEmail: 'a@example.com',
      retain: false,
      outside: { 'clearing-house': 'sandbox' },
    },
  ],
  [
    'regions that have changed places',
    { regions: { ...guarded.regions, active: 'eu-central-1', standby: 'eu-west-1' } },
  ],
  ['another standby', { regions: { ...guarded.regions, standby: 'eu-west-2' } }],
];

const before = namedIn(synthesise(guarded));
const changes = [
  ...models.map(([what, pipeline]) => [what, () => synthesise(guarded, { pipeline })] as const),
  ...configurations.map(
    ([what, config]) => [what, () => synthesise(configuration({ ...guarded, ...config }))] as const,
  ),
];

test.each(changes)('%s: nothing that has a literal name is replaced, or made anew by another id', (_, synthesised) => {
  const after = namedIn(synthesised());
  const both = [...after].flatMap(([key, now]) => (before.has(key) ? [{ key, was: before.get(key)!, now }] : []));
  expect(both.length).toBeGreaterThan(100);
  expect([...after].some(([key, now]) => JSON.stringify(before.get(key)) !== JSON.stringify(now))).toBe(true);
  for (const { key, was, now } of both) {
    expect(now.where, key).toBe(was.where);
    for (const property of ruleOf(now.Type)?.replacement ?? [])
      expect(now.Properties[property], `${key}: ${property}`).toEqual(was.Properties[property]);
  }
});
