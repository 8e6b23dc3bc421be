import { DescribeEventBusCommand, PutPermissionCommand, RemovePermissionCommand } from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { bus, busArn } from './given.ts';

const api = (action: string) => `https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_${action}.html`;
const recorded =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events.snapshot.json';

const put = (aws: Aws, EventBusName: string, StatementId: string, Principal: string) =>
  aws.events.send(new PutPermissionCommand({ EventBusName, StatementId, Principal, Action: 'events:PutEvents' }));

async function policyOf(aws: Aws, Name: string): Promise<any> {
  const { Policy } = await aws.events.send(new DescribeEventBusCommand({ Name }));
  return Policy === undefined ? undefined : JSON.parse(Policy);
}

behaviour(
  'PutPermission lets an account, or everyone, put events; the statement is in the policy of the bus',
  { source: recorded, covers: ['events:PutPermission'] },
  async (aws) => {
    const name = await bus(aws);
    await put(aws, name, 'one', aws.account);
    await put(aws, name, 'all', '*');
    const statement = (Sid: string, Principal: unknown) => ({
      Sid,
      Effect: 'Allow',
      Principal,
      Action: 'events:PutEvents',
      Resource: busArn(aws, name),
    });
    expect(await policyOf(aws, name)).toEqual({
      Version: '2012-10-17',
      Statement: [statement('one', { AWS: `arn:aws:iam::${aws.account}:root` }), statement('all', '*')],
    });
  },
);

behaviour(
  'a statement that is put again under its id is replaced',
  { source: api('PutPermission'), covers: ['events:PutPermission'] },
  async (aws) => {
    const name = await bus(aws);
    await put(aws, name, 'one', '*');
    await put(aws, name, 'one', aws.account);
    expect((await policyOf(aws, name)).Statement).toMatchObject([
      { Sid: 'one', Principal: { AWS: `arn:aws:iam::${aws.account}:root` } },
    ]);
  },
);

behaviour(
  'a whole policy replaces all statements',
  { source: recorded, covers: ['events:PutPermission'] },
  async (aws) => {
    const name = await bus(aws);
    await put(aws, name, 'one', aws.account);
    const statement = {
      Sid: 'rules',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${aws.account}:root` },
      Action: 'events:PutRule',
      Resource: `arn:aws:events:${aws.region}:${aws.account}:rule/${name}/*`,
    };
    const policy = { Version: '2012-10-17', Statement: [statement] };
    await aws.events.send(new PutPermissionCommand({ EventBusName: name, Policy: JSON.stringify(policy) }));
    expect(await policyOf(aws, name)).toEqual(policy);
  },
);

behaviour(
  'RemovePermission takes a statement away, or all; a bus without statements has no policy',
  { source: recorded, covers: ['events:RemovePermission'] },
  async (aws) => {
    const EventBusName = await bus(aws);
    for (const id of ['a', 'b', 'c']) await put(aws, EventBusName, id, aws.account);
    await aws.events.send(new RemovePermissionCommand({ EventBusName, StatementId: 'a' }));
    expect((await policyOf(aws, EventBusName)).Statement.map(({ Sid }: any) => Sid)).toEqual(['b', 'c']);
    await aws.events.send(new RemovePermissionCommand({ EventBusName, RemoveAllPermissions: true }));
    expect(await policyOf(aws, EventBusName)).toBeUndefined();
  },
);

behaviour(
  'a statement that does not exist cannot be removed, whether or not there are others',
  { source: recorded, covers: ['events:RemovePermission!ResourceNotFoundException'] },
  async (aws) => {
    const EventBusName = await bus(aws);
    const remove = () => aws.events.send(new RemovePermissionCommand({ EventBusName, StatementId: 'none' }));
    const message = 'Statement with the provided id does not exist.';
    await refused(remove(), 'ResourceNotFoundException', message);
    await put(aws, EventBusName, 'one', aws.account);
    await refused(remove(), 'ResourceNotFoundException', message);
  },
);

behaviour(
  'a bus that does not exist gets and loses no permissions',
  {
    source: recorded,
    covers: ['events:PutPermission!ResourceNotFoundException', 'events:RemovePermission!ResourceNotFoundException'],
  },
  async (aws) => {
    const EventBusName = aws.name('nowhere');
    const message = `Event bus ${EventBusName} does not exist.`;
    await refused(put(aws, EventBusName, 'one', aws.account), 'ResourceNotFoundException', message);
    await refused(
      aws.events.send(new RemovePermissionCommand({ EventBusName, StatementId: 'one' })),
      'ResourceNotFoundException',
      message,
    );
  },
);

behaviour(
  'a policy has at most 10,240 bytes',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html',
    covers: ['events:PutPermission!PolicyLengthExceededException'],
    notRemote: 'the quota may be raised',
  },
  async (aws) => {
    const name = await bus(aws);
    const Statement = Array.from({ length: 60 }, (_, n) => ({
      Sid: `statement-${n}`,
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${aws.account}:root` },
      Action: 'events:PutEvents',
      Resource: busArn(aws, name),
    }));
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await refused(
      aws.events.send(new PutPermissionCommand({ EventBusName: name, Policy })),
      'PolicyLengthExceededException',
    );
    expect(await policyOf(aws, name)).toBeUndefined();
  },
);
