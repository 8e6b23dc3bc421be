/** What operators do in the midst of it: a stack is updated while its function is at work, dead letters are sent back. */
import { expect, test } from 'vitest';
import { administrator } from '../../../localcloud/cloud.ts';
import { redrive } from '../../../localcloud/faults/redrive.ts';
import { stackUpdate } from '../../../localcloud/faults/stack-update.ts';
import { lambda } from '../../../localcloud/lambda/index.ts';
import type { Lambda } from '../../../localcloud/lambda/state.ts';
import type { Effect } from '../../../localcloud/service.ts';
import { sqs } from '../../../localcloud/sqs/index.ts';
import { cloudformation } from '../../../localcloud/stack/index.ts';
import { sts } from '../../../localcloud/sts/index.ts';
import { stubLogs, stubMonitoring } from '../drive/stubs.ts';
import { bench, REGION } from './bench.ts';

const others: Readonly<Record<string, string>> = { '/one': '/two', '/two': '/one' };
const firing = (turn: number) => `stack-update|${REGION}/shop|stack-update|-|${turn}`;

/** A function that works for as long as it is not told to end, in a stack of its own. */
async function shop(rebuilt: (folder: string) => string | undefined, plan = [firing(1), firing(2)]) {
  const effects: Effect[] = [];
  const perform = (effect: Effect) => {
    effects.push(effect);
    if (effect.kind === 'start') {
      const { environment } = effect;
      all.cloud.agenda.at(all.now(), () => all.cloud.step('lambda', REGION, 'EnvironmentStarted', { environment }));
    }
  };
  const services = [cloudformation, lambda, sts, stubLogs().service, stubMonitoring];
  const all = bench({ faults: [stackUpdate], plan, services, perform, begin: false, options: { rebuilt } });
  const call = (service: string, action: string, input: object) =>
    all.call(action, input, { service, principal: administrator });
  await call('cloudformation', 'DeployStack', {
    StackName: 'shop',
    Assets: { Pack: '/one' },
    Template: {
      Resources: {
        Pack: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: 'pack',
            Role: 'arn:aws:iam::123456789012:role/worker',
            Runtime: 'nodejs24.x',
            Handler: 'index.handler',
            Code: { S3Bucket: 'assets', S3Key: 'pack.zip' },
          },
        },
      },
    },
  });
  const invoke = () => call('lambda', 'Invoke', { FunctionName: 'pack', InvocationType: 'Event' });
  const started = () => effects.flatMap((effect) => (effect.kind === 'start' ? [effect.code] : []));
  const code = () => all.cloud.state<Lambda>('lambda', REGION).functions.get('pack')!.latest.code;
  return { ...all, effects, invoke, started, code };
}

test('stack-update: what the old code has begun it ends, beside the new code', async () => {
  const { injector, cloud, advance, invoke, started, effects } = await shop(
    (folder) => ({ '/one': '/two' })[folder],
    [firing(1)],
  );
  injector.begin(cloud, 0);
  await advance(60_000);
  expect(injector.fired).toEqual([]);
  await invoke();
  await advance(1000);
  expect(injector.fired).toEqual([firing(1)]);
  await invoke();
  await advance(10);
  expect(started()).toEqual(['/one', '/two']);
  expect(effects.filter(({ kind }) => kind === 'stop')).toEqual([]);
});

test('stack-update: the second time the old code comes back', async () => {
  const { injector, cloud, advance, invoke, code } = await shop((folder) => others[folder]);
  injector.begin(cloud, 0);
  await advance(1);
  await invoke();
  await advance(1000);
  expect(injector.fired.toSorted()).toEqual([firing(1), firing(2)]);
  expect(code()).toEqual({ folder: '/one' });
});

test('stack-update: where there is no other build, or the faults have ended, nothing has struck', async () => {
  const without = await shop(() => undefined);
  without.injector.begin(without.cloud, 0);
  await without.advance(1);
  await without.invoke();
  await without.advance(1000);
  expect(without.injector.fired).toEqual([]);
  const ended = await shop((folder) => others[folder]);
  ended.injector.begin(ended.cloud, 0);
  await ended.advance(1);
  await ended.invoke();
  ended.injector.heal();
  await ended.advance(1000);
  expect(ended.injector.fired).toEqual([]);
  expect(ended.code()).toEqual({ folder: '/one' });
});

test('redrive: sends a dead letter back soon after it came, however late that is', async () => {
  const plan = [`redrive|${REGION}/letters|redrive|-|1`];
  const { call, injector, cloud, advance } = bench({
    faults: [redrive],
    plan,
    services: [sqs, stubMonitoring],
    begin: false,
  });
  const ask = (action: string, input: object) => call(action, input, { service: 'sqs', principal: administrator });
  const letters = await ask('CreateQueue', { QueueName: 'letters' });
  const deadLetterTargetArn = `arn:aws:sqs:${REGION}:123456789012:letters`;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });
  const inbox = await ask('CreateQueue', { QueueName: 'inbox', Attributes: { RedrivePolicy } });
  injector.begin(cloud, 0);
  await ask('SendMessage', { QueueUrl: inbox.QueueUrl, MessageBody: 'another queue' });
  await advance(300_000);
  expect(injector.fired).toEqual([]);
  await ask('SendMessage', { QueueUrl: letters.QueueUrl, MessageBody: 'given up' });
  await advance(60_000);
  expect(injector.fired).toEqual(plan);
  const received = await ask('ReceiveMessage', { QueueUrl: inbox.QueueUrl, MaxNumberOfMessages: 10 });
  expect(received.Messages.map(({ Body }: { Body: string }) => Body).toSorted()).toEqual(['another queue', 'given up']);
});
