import { DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { api, givenRole, recorded, roleArn, stsAs } from './given.ts';

behaviour(
  'a role is taken on for an hour, and the answer tells whose the keys are',
  { source: recorded('test_assume_role'), covers: ['sts:AssumeRole'] },
  async (aws) => {
    const role = await givenRole(aws);
    const { Credentials: keys, AssumedRoleUser } = await role.assume();
    expect(AssumedRoleUser).toEqual({
      AssumedRoleId: `${role.id}:session`,
      Arn: `arn:aws:sts::${aws.account}:assumed-role/${role.name}/session`,
    });
    expect(keys!.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(keys!.SecretAccessKey).toHaveLength(40);
    expect(keys!.SessionToken!.length).toBeGreaterThan(40);
    expect(keys!.Expiration).toBeInstanceOf(Date);
  },
);

behaviour(
  'the keys expire when they should',
  { source: api('AssumeRole'), covers: ['sts:AssumeRole'] },
  async (aws) => {
    const role = await givenRole(aws, { MaxSessionDuration: 7200 });
    const expiry = async (DurationSeconds?: number) =>
      (await role.assume({ DurationSeconds })).Credentials!.Expiration!.getTime();
    const hour = await expiry();
    expect(Math.round(((await expiry(900)) - hour) / 60_000)).toBe(-45);
    expect(Math.round(((await expiry(7200)) - hour) / 60_000)).toBe(60);
  },
);

behaviour(
  'whoever has the keys is the session',
  {
    source: recorded('test_get_caller_identity_with_assumed_role_credentials'),
    covers: ['sts:GetCallerIdentity', 'sts:AssumeRole'],
  },
  async (aws) => {
    const role = await givenRole(aws);
    const { Credentials: keys } = await role.assume();
    const { Account, Arn, UserId } = await stsAs(aws, keys!).send(new GetCallerIdentityCommand({}));
    expect({ Account, Arn, UserId }).toEqual({
      Account: aws.account,
      Arn: `arn:aws:sts::${aws.account}:assumed-role/${role.name}/session`,
      UserId: `${role.id}:session`,
    });
  },
);

behaviour(
  'everybody may ask who they are',
  { source: api('GetCallerIdentity'), covers: ['sts:GetCallerIdentity'] },
  async (aws) => {
    const { Account, Arn, UserId } = await aws.sts.send(new GetCallerIdentityCommand({}));
    expect(Account).toBe(aws.account);
    expect(Arn).toMatch(new RegExp(`^arn:aws:(iam|sts)::${aws.account}:`));
    expect(UserId).toBeTruthy();
  },
);

behaviour(
  'a session lasts 15 minutes at least, and no longer than its role allows',
  { source: api('AssumeRole'), covers: ['sts:AssumeRole'] },
  async (aws) => {
    const role = await givenRole(aws, { MaxSessionDuration: 7200 });
    await refused(
      role.assume({ DurationSeconds: 899 }),
      'ValidationError',
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    );
    await refused(
      role.assume({ DurationSeconds: 7201 }),
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
    await refused(role.assume({ DurationSeconds: 43_201 }), 'ValidationError', /less than or equal to 43200/);
  },
);

behaviour(
  'a role that a role takes on lasts an hour at most',
  {
    source: 'https://aws.amazon.com/premiumsupport/knowledge-center/iam-role-chaining-limit/',
    covers: ['sts:AssumeRole'],
  },
  async (aws) => {
    const first = await givenRole(aws);
    const second = await givenRole(aws, { MaxSessionDuration: 7200 });
    const permission = { RoleName: first.name, PolicyName: 'take-on' };
    const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: second.arn };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await aws.iam.send(new PutRolePolicyCommand({ ...permission, PolicyDocument }));
    aws.afterwards(() => aws.iam.send(new DeleteRolePolicyCommand(permission)));
    await aws.pass(15_000);
    const { Credentials: keys } = await first.assume();
    const by = stsAs(aws, keys!);
    await refused(
      second.assume({ DurationSeconds: 3601 }, by),
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
    await second.assume({ DurationSeconds: 3600 }, by);
  },
);

behaviour(
  'a role that does not exist cannot be told from one that is forbidden',
  { source: api('AssumeRole'), covers: ['sts:AssumeRole'] },
  async (aws) => {
    const role = await givenRole(aws);
    const RoleArn = roleArn(aws, aws.name('nowhere'));
    await refused(
      role.assume({ RoleArn }),
      'AccessDenied',
      /is not authorized to perform: sts:AssumeRole on resource: /,
    );
    const closed = await givenRole(aws, { principal: { Service: 'lambda.amazonaws.com' } });
    await refused(closed.assume(), 'AccessDenied', /is not authorized to perform: sts:AssumeRole on resource: /);
  },
);

behaviour(
  'the name of a session has 2 to 64 letters, digits and signs',
  {
    source: `${recorded('test_sts_invalid_parameters')}; ${recorded('test_assume_role_session_name_too_long')}`,
    covers: ['sts:AssumeRole'],
  },
  async (aws) => {
    const role = await givenRole(aws);
    const unfit = (name: string, constraint: string) =>
      refused(
        role.assume({ RoleSessionName: name }),
        'ValidationError',
        `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: ${constraint}`,
      );
    await unfit('Session1:2', 'Member must satisfy regular expression pattern: [\\w+=,.@-]*');
    await unfit('s'.repeat(65), 'Member must have length less than or equal to 64');
    await unfit('s', 'Member must have length greater than or equal to 2');
    await role.assume({ RoleSessionName: 'a+b=c,d.e@f-g_h' });
  },
);

behaviour(
  'keys are worth nothing after their time',
  { source: api('AssumeRole'), covers: ['sts:AssumeRole'], notRemote: 'takes fifteen minutes' },
  async (aws) => {
    const role = await givenRole(aws);
    const { Credentials: keys } = await role.assume({ DurationSeconds: 900 });
    const ask = () => stsAs(aws, keys!).send(new GetCallerIdentityCommand({}));
    await aws.pass(890_000);
    await ask();
    await aws.pass(10_000);
    await expect(ask()).rejects.toThrow();
  },
);

for (const { action, covers } of [
  { action: 'IssueSessionCredentials', covers: ['sts:IssueSessionCredentials'] },
  { action: 'TakeOnRole', covers: ['sts:TakeOnRole'] },
]) {
  behaviour(
    `${action}, by which the services of the local cloud act under roles, cannot be asked for from outside`,
    {
      source: 'https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html, which knows no such action',
      covers,
    },
    async (aws) => {
      const command = new GetCallerIdentityCommand({});
      command.middlewareStack.add(
        (next) => (args) => {
          const request = args.request as { body: string };
          request.body = request.body.replace('GetCallerIdentity', action);
          return next(args);
        },
        { step: 'build' },
      );
      await expect(aws.sts.send(command)).rejects.toMatchObject({
        name: expect.stringMatching(/^(InvalidAction|NotImplemented)$/),
      });
    },
  );
}
