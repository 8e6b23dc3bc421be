import { describe, expect, test } from 'vitest';
import { busArn, queueArn, stage } from './stubs.ts';

const refused = (code: string, message?: string) => (message === undefined ? { code } : { code, message });

describe('a bus', () => {
  test('keeps what it is given, and gives it back', async () => {
    const { call, pass } = stage();
    const given = {
      Description: 'all that is sold',
      KmsKeyIdentifier: 'arn:aws:kms:eu-west-1:123456789012:key/k',
      DeadLetterConfig: { Arn: queueArn('lost') },
    };
    const made = await call('events', 'CreateEventBus', { Name: 'trade', ...given });
    expect(made).toEqual({ EventBusArn: busArn('trade'), ...given });
    const times = {
      CreationTime: new Date(Date.UTC(2026, 0, 5, 8)),
      LastModifiedTime: new Date(Date.UTC(2026, 0, 5, 8)),
    };
    expect(await call('events', 'DescribeEventBus', { Name: busArn('trade') })).toEqual({
      Name: 'trade',
      Arn: busArn('trade'),
      ...given,
      ...times,
    });
    await pass(1000);
    await call('events', 'UpdateEventBus', { Name: 'trade', Description: 'new' });
    expect(await call('events', 'DescribeEventBus', { Name: 'trade' })).toMatchObject({
      ...given,
      Description: 'new',
      CreationTime: times.CreationTime,
      LastModifiedTime: new Date(Date.UTC(2026, 0, 5, 8, 0, 1)),
    });
  });

  test('exists once; the default one is always there', async () => {
    const { call } = stage();
    await call('events', 'CreateEventBus', { Name: 'trade' });
    await expect(call('events', 'CreateEventBus', { Name: 'trade' })).rejects.toMatchObject(
      refused('ResourceAlreadyExistsException', 'Event bus trade already exists.'),
    );
    await expect(call('events', 'DescribeEventBus', { Name: 'none' })).rejects.toMatchObject(
      refused('ResourceNotFoundException', 'Event bus none does not exist.'),
    );
    await expect(call('events', 'DeleteEventBus', { Name: 'default' })).rejects.toMatchObject(
      refused('ValidationException', 'Cannot delete event bus default.'),
    );
    await call('events', 'DeleteEventBus', { Name: 'trade' });
    await call('events', 'DeleteEventBus', { Name: 'trade' });
    const { EventBuses } = await call('events', 'ListEventBuses');
    expect(EventBuses.map(({ Name }: { Name: string }) => Name)).toEqual(['default']);
  });

  test('that should log is refused by name', async () => {
    const { call } = stage();
    const logging = call('events', 'CreateEventBus', { Name: 'trade', LogConfig: { Level: 'INFO' } });
    await expect(logging).rejects.toMatchObject({
      code: 'NotImplemented',
      message: expect.stringContaining('LogConfig'),
    });
  });

  test('is listed by pages', async () => {
    const { call } = stage();
    for (const Name of ['b1', 'b2', 'b3', 'c1']) await call('events', 'CreateEventBus', { Name });
    const first = await call('events', 'ListEventBuses', { NamePrefix: 'b', Limit: 2 });
    const second = await call('events', 'ListEventBuses', { NamePrefix: 'b', Limit: 2, NextToken: first.NextToken });
    const names = [first, second].map(({ EventBuses }) => EventBuses.map(({ Name }: { Name: string }) => Name));
    expect(names).toEqual([['b1', 'b2'], ['b3']]);
    expect(second.NextToken).toBeUndefined();
  });

  test('has a policy, whole or statement by statement', async () => {
    const { call } = stage();
    await call('events', 'CreateEventBus', { Name: 'trade' });
    const EventBusName = 'trade';
    const policy = async () =>
      JSON.parse((await call('events', 'DescribeEventBus', { Name: 'trade' })).Policy ?? 'null');
    const allow = { EventBusName, Action: 'events:PutEvents' };
    await call('events', 'PutPermission', { ...allow, StatementId: 'one', Principal: '*' });
    await call('events', 'PutPermission', { ...allow, StatementId: 'one', Principal: '210987654321' });
    const Condition = { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-1' };
    await call('events', 'PutPermission', { ...allow, StatementId: 'all', Principal: '*', Condition });
    const statement = { Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn('trade') };
    expect(await policy()).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'one', Principal: { AWS: 'arn:aws:iam::210987654321:root' }, ...statement },
        { Sid: 'all', Principal: '*', ...statement, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
      ],
    });
    await expect(call('events', 'RemovePermission', { EventBusName, StatementId: 'none' })).rejects.toMatchObject(
      refused('ResourceNotFoundException', 'Statement with the provided id does not exist.'),
    );
    await call('events', 'RemovePermission', { EventBusName, StatementId: 'one' });
    expect((await policy()).Statement).toHaveLength(1);
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: { Sid: 'own', Effect: 'Deny' } });
    await call('events', 'PutPermission', { EventBusName, Policy });
    expect(await policy()).toEqual(JSON.parse(Policy));
    await call('events', 'RemovePermission', { EventBusName, RemoveAllPermissions: true });
    expect(await policy()).toBeNull();
  });

  test('with rules stays', async () => {
    const { call, rule } = stage();
    await rule('sold', { source: ['shop'] }, []);
    await expect(call('events', 'DeleteEventBus', { Name: 'trade' })).rejects.toMatchObject(
      refused('ValidationException'),
    );
  });
});
