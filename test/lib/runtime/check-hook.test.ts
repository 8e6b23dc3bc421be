/** The check before traffic: it asks the version that is deployed, and always says how it went. */
import type { Context, SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { beforeEach, expect, it } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { stage } from '../../../lib/model/stage.ts';
import { checkHook } from '../../../lib/runtime/check-hook.ts';
import type { Service } from '../../../localcloud/service.ts';
import { invocation, workbench } from './workbench.ts';

const opened = event('account.opened', { schema: v.string(), entity: (name) => name });
const bank = pipeline('bank', { entries: [opened], stages: [stage('open', { accepts: [opened] })] });
const sample: SQSEvent = { Records: [] };

const appSpec = (content: string) => ({ revisionType: 'AppSpecContent', appSpecContent: { content } });
const JSON_SPEC = '{"Resources":[{"f":{"Properties":{"CurrentVersion":"3","TargetVersion":"4"}}}]}';
const YAML_SPEC = 'Resources:\n  - f:\n      Properties:\n        CurrentVersion: "3"\n        TargetVersion: "4"\n';

const fine = { function: 'open', version: '4', passed: ['the sample'], problems: [] };

let deploymentInfo: object;
let answer: { Payload: string; FunctionError?: string };
const asked: any[] = [];
const said: any[] = [];

const services: readonly Service[] = [
  {
    name: 'codedeploy',
    create: () => ({}),
    actions: {
      GetDeployment: () => ({ deploymentInfo }),
      PutLifecycleEventHookExecutionStatus: (input: object) => {
        said.push(input);
        return {};
      },
    },
  },
  {
    name: 'lambda',
    create: () => ({}),
    actions: {
      Invoke: ({ Payload, ...input }: any) => {
        asked.push({ ...input, payload: JSON.parse(Buffer.from(Payload).toString()) });
        return { StatusCode: 200, ...answer };
      },
    },
  },
];

beforeEach(async () => {
  await workbench({ stage: 'open', services });
  asked.splice(0);
  said.splice(0);
  deploymentInfo = { deploymentGroupName: 'open', revision: appSpec(JSON_SPEC) };
  answer = { Payload: JSON.stringify(fine) };
});

const run = (samples: (who: string) => Promise<SQSEvent> = async () => sample) => {
  const context = { ...invocation(), getRemainingTimeInMillis: () => 60_000 } as Context;
  return checkHook(bank, samples)({ DeploymentId: 'd-ABCDEF123', LifecycleEventHookExecutionId: 'execution' }, context);
};
const report = (status: string) => ({
  deploymentId: 'd-ABCDEF123',
  lifecycleEventHookExecutionId: 'execution',
  status,
});

it.each([
  ['JSON', JSON_SPEC],
  ['YAML', YAML_SPEC],
])('asks the version that an AppSpec of %s names, with the sample of its stage', async (_form, content) => {
  deploymentInfo = { deploymentGroupName: 'open', revision: appSpec(content) };
  expect(await run()).toEqual({ status: 'Succeeded' });
  expect(asked).toEqual([
    expect.objectContaining({ FunctionName: 'bank-test-open', Qualifier: '4', payload: { check: { sample } } }),
  ]);
  expect(said).toEqual([report('Succeeded')]);
});

it.each<[string, () => void]>([
  ['has a problem', () => (answer.Payload = JSON.stringify({ ...fine, problems: ['the queue: gone'] }))],
  ['dies of it', () => (answer = { Payload: '{"errorMessage":"cannot find module"}', FunctionError: 'Unhandled' })],
  ['knows no checks', () => (answer.Payload = '{"batchItemFailures":[]}')],
  ['is another version', () => (answer.Payload = JSON.stringify({ ...fine, version: '3' }))],
  ['is another function', () => (answer.Payload = JSON.stringify({ ...fine, function: 'close' }))],
  [
    'cannot be told from the deployment',
    () => (deploymentInfo = { deploymentGroupName: 'open', revision: appSpec('') }),
  ],
  [
    'belongs to another application',
    () => (deploymentInfo = { deploymentGroupName: 'other', revision: appSpec(JSON_SPEC) }),
  ],
])('keeps traffic away from a version that %s', async (_what, spoil) => {
  spoil();
  expect(await run()).toEqual({ status: 'Failed' });
  expect(said).toEqual([report('Failed')]);
});

it('keeps traffic away from a function that nobody wrote a sample for', async () => {
  expect(await run(() => Promise.reject(new Error('no such module')))).toEqual({ status: 'Failed' });
});
