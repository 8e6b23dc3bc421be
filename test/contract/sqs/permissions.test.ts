import { AddPermissionCommand, RemovePermissionCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, type Given, givenQueue, guide, recorded, refusedAs } from './given.ts';

const lifecycle = recorded('test_sqs_permission_lifecycle');

const add = (aws: Aws, queue: Given, Label: string, Actions = ['ReceiveMessage'], AWSAccountIds = [aws.account]) =>
  aws.sqs.send(new AddPermissionCommand({ QueueUrl: queue.url, Label, AWSAccountIds, Actions }));

const remove = (aws: Aws, queue: Given, Label: string) =>
  aws.sqs.send(new RemovePermissionCommand({ QueueUrl: queue.url, Label }));

const policyOf = async (queue: Given) => JSON.parse((await queue.attributes('Policy')).Policy ?? 'null');

behaviour(
  'a permission is a statement of the queue policy',
  { source: lifecycle, covers: ['sqs:AddPermission'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await add(aws, queue, 'crossaccountpermission');
    expect(await policyOf(queue)).toEqual({
      Version: '2008-10-17',
      Id: expect.stringMatching(`^${queue.arn}/`),
      Statement: [
        {
          Sid: 'crossaccountpermission',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${aws.account}:root` },
          Action: 'SQS:ReceiveMessage',
          Resource: queue.arn,
        },
      ],
    });
  },
);

behaviour(
  'a permission for several actions is one statement',
  { source: api('AddPermission'), covers: ['sqs:AddPermission'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await add(aws, queue, 'two', ['SendMessage', 'ReceiveMessage']);
    const [statement] = (await policyOf(queue)).Statement;
    expect([...statement.Action].sort()).toEqual(['SQS:ReceiveMessage', 'SQS:SendMessage']);
  },
);

behaviour(
  'permissions are removed by their label, and the last takes the policy along',
  { source: lifecycle, covers: ['sqs:RemovePermission'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await add(aws, queue, 'one');
    await add(aws, queue, 'two');
    await remove(aws, queue, 'one');
    expect((await policyOf(queue)).Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual(['two']);
    await remove(aws, queue, 'two');
    expect(await queue.attributes('Policy')).toEqual({});
  },
);

behaviour(
  'a permission stands beside what the policy says already',
  { source: `${api('AddPermission')}; ${lifecycle}`, covers: ['sqs:AddPermission', 'sqs:RemovePermission'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const Principal = { AWS: `arn:aws:iam::${aws.account}:root` };
    const statement = { Sid: 'own', Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: queue.arn };
    await queue.set({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) });
    await add(aws, queue, 'added');
    await remove(aws, queue, 'added');
    expect((await policyOf(queue)).Statement).toEqual([statement]);
  },
);

behaviour(
  'a label is given once, and found or not',
  { source: lifecycle, covers: ['sqs:AddPermission', 'sqs:RemovePermission'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await add(aws, queue, 'label');
    const invalid = (reason: string) => `Value label for parameter Label is invalid. Reason: ${reason}`;
    await refusedAs(add(aws, queue, 'label'), 'InvalidParameterValue', invalid('Already exists.'));
    await remove(aws, queue, 'label');
    await refusedAs(remove(aws, queue, 'label'), 'InvalidParameterValue', invalid("can't find label."));
  },
);

behaviour(
  'a statement has at most seven actions',
  {
    source: `${guide('quotas-policies')}; https://github.com/getmoto/moto/blob/master/tests/test_sqs/test_sqs.py`,
    covers: ['sqs:AddPermission!OverLimit'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    const actions = [
      'ChangeMessageVisibility',
      'DeleteMessage',
      'GetQueueAttributes',
      'GetQueueUrl',
      'ListDeadLetterSourceQueues',
      'PurgeQueue',
      'ReceiveMessage',
      'SendMessage',
    ];
    const message = '8 Actions were found, maximum allowed is 7.';
    await refused(add(aws, queue, 'label', actions), 'OverLimit', message);
    await add(aws, queue, 'label', actions.slice(1));
  },
);

behaviour(
  'a policy has at most twenty statements',
  { source: guide('quotas-policies'), covers: ['sqs:AddPermission!OverLimit', 'sqs:SetQueueAttributes!OverLimit'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const statements = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        Sid: `s${n}`,
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${aws.account}:root` },
        Action: 'sqs:SendMessage',
        Resource: queue.arn,
      }));
    const set = (count: number) =>
      queue.set({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements(count) }) });
    await refused(set(21), 'OverLimit');
    await set(20);
    await refused(add(aws, queue, 'one-more'), 'OverLimit');
  },
);

behaviour(
  'only some actions can be given to others, and only to accounts',
  {
    source: `${api('AddPermission')}; https://github.com/getmoto/moto/blob/master/tests/test_sqs/test_sqs.py`,
    covers: ['sqs:AddPermission'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    await refusedAs(
      add(aws, queue, 'label', ['RemovePermission']),
      'InvalidParameterValue',
      'Value SQS:RemovePermission for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.',
    );
    await refusedAs(
      add(aws, queue, 'label', ['SendMessage'], ['nobody']),
      'InvalidParameterValue',
      'Value [nobody] for parameter PrincipalId is invalid. Reason: Unable to verify.',
    );
  },
);
