import { describe, expect, test } from 'vitest';
import type { Principal } from '../../../localcloud/service.ts';
import { ACCOUNT, allow, arn, document, guarded, ROOT, refusal, service, url, verdict } from '../policy/guarded.ts';

const BUS = arn('events', 'event-bus/trade');
const entry = (Source: string, DetailType: string, more: object = {}) => ({
  EventBusName: 'trade',
  Source,
  DetailType,
  Detail: '{}',
  ...more,
});
const only = (types: string[], source: string) => ({
  'ForAllValues:StringEquals': { 'events:detail-type': types, 'events:source': [source] },
  Null: { 'events:detail-type': 'false', 'events:source': 'false' },
});

async function withBus(more: object = {}) {
  const cloud = guarded();
  await cloud.call('events', 'CreateEventBus', { Name: 'trade', ...more });
  const put = (Entries: object[], as?: Principal) => cloud.call('events', 'PutEvents', { Entries }, as ? { as } : {});
  const codes = async (Entries: object[], as?: Principal) =>
    (await put(Entries, as)).Entries.map(({ ErrorCode }: any) => ErrorCode ?? 'accepted');
  return { ...cloud, put, codes };
}

describe('PutEvents', () => {
  test('is judged entry by entry where the decision hangs on type or source', async () => {
    const { codes, role, denials } = await withBus();
    const shop = await role('shop', [allow('events:PutEvents', BUS, only(['item.sold', 'item.lost'], 'shop'))]);
    const entries = [
      entry('shop', 'item.sold'),
      entry('shop', 'item.stolen'),
      entry('thief', 'item.sold'),
      entry('shop', 'item.lost'),
      entry('thief', 'item.stolen'),
    ];
    expect(await codes(entries, shop)).toEqual([
      'accepted',
      'NotAuthorizedForDetailTypeException',
      'NotAuthorizedForSourceException',
      'accepted',
      'NotAuthorizedForSourceException',
    ]);
    expect(denials()).toHaveLength(3);
    expect(denials()[0]!.explanation).toContain(
      'events:detail-type = item.sold or item.lost (the request has item.stolen)',
    );
  });

  test('fails as a whole where the caller may not put events on the bus at all', async () => {
    const { put, role } = await withBus();
    const shop = await role('shop', [allow('events:PutEvents', arn('events', 'event-bus/other'))]);
    expect(await refusal(put([entry('shop', 'item.sold')], shop))).toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining(
        `is not authorized to perform: events:PutEvents on resource: ${BUS} because no identity-based`,
      ),
    });
  });

  test('heeds what the bus denies, the administrator included', async () => {
    const { codes, put, call } = await withBus();
    const deny = (Sid: string, Condition: object) => ({
      ...allow('events:PutEvents', BUS, Condition),
      Sid,
      Effect: 'Deny',
      Principal: '*',
    });
    const Policy = document(
      deny('types', { 'ForAnyValue:StringNotEquals': { 'events:detail-type': ['item.sold'] } }),
      deny('sources', { 'ForAnyValue:StringNotEquals': { 'events:source': ['shop'] } }),
    );
    await call('events', 'PutPermission', { EventBusName: 'trade', Policy });
    expect(await codes([entry('shop', 'item.sold'), entry('shop', 'x'), entry('x', 'item.sold')])).toEqual([
      'accepted',
      'NotAuthorizedForDetailTypeException',
      'NotAuthorizedForSourceException',
    ]);
    const others = { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/forwarder` } };
    await call('events', 'PutPermission', {
      EventBusName: 'trade',
      Policy: document(
        deny('types', { 'ForAnyValue:StringNotEquals': { 'events:detail-type': ['item.sold'] }, ...others }),
      ),
    });
    expect(await codes([entry('shop', 'item.sold'), entry('shop', 'x')])).toEqual([
      'accepted',
      'NotAuthorizedForDetailTypeException',
    ]);
    await call('events', 'PutPermission', {
      EventBusName: 'trade',
      Policy: document(deny('all', { Bool: { 'aws:SecureTransport': 'true' } })),
    });
    expect(await verdict(put([entry('shop', 'item.sold')]))).toBe('AccessDeniedException');
  });

  test('is allowed by what the bus allows', async () => {
    const { codes, role, call } = await withBus();
    const shop = await role('shop', [allow('events:ListRules', '*')]);
    const grant = {
      ...allow('events:PutEvents', BUS),
      Sid: 'shop',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/shop` },
    };
    await call('events', 'PutPermission', { EventBusName: 'trade', Policy: document(grant) });
    expect(await codes([entry('any', 'thing')], shop)).toEqual(['accepted']);
  });
});

describe('a bus under a customer’s key', () => {
  const choosing = [
    'GenerateDataKeyWithoutPlaintext',
    'Decrypt',
    'Encrypt',
    'ReEncryptFrom',
    'ReEncryptTo',
    'DescribeKey',
  ].map((operation) => `kms:${operation}`);
  const delegate = (Action: string[]) => ({ ...allow(Action, '*'), Principal: { AWS: ROOT } });
  const toEvents = (Action: string | string[], Condition?: object) => ({
    ...allow(Action, '*', Condition),
    Principal: { Service: 'events.amazonaws.com' },
  });
  const looks = toEvents('kms:DescribeKey', { StringEquals: { 'aws:SourceAccount': ACCOUNT } });
  const keeps = toEvents(['kms:GenerateDataKey', 'kms:Decrypt'], {
    StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': BUS },
  });
  const create = async (...statements: object[]) => {
    const cloud = guarded();
    const KmsKeyIdentifier = await cloud.key(...statements);
    return verdict(cloud.call('events', 'CreateEventBus', { Name: 'trade', KmsKeyIdentifier }));
  };

  test('is made by who may use the key, if EventBridge may look at it', async () => {
    expect(await create(delegate(choosing), looks)).toBe('allowed');
    expect(await create(delegate(choosing))).toBe('AccessDeniedException');
    expect(await create(delegate(choosing.slice(1)), looks)).toBe('AccessDeniedException');
  });

  async function encrypted(...statements: object[]) {
    const cloud = await withBus();
    await cloud.call('sqs', 'CreateQueue', {
      QueueName: 'unkept',
      Attributes: {
        Policy: document({ ...allow('sqs:SendMessage', '*'), Principal: { Service: 'events.amazonaws.com' } }),
      },
    });
    const KmsKeyIdentifier = await cloud.key(delegate(choosing), looks, ...statements);
    const DeadLetterConfig = { Arn: arn('sqs', 'unkept') };
    await cloud.call('events', 'UpdateEventBus', { Name: 'trade', KmsKeyIdentifier, DeadLetterConfig });
    const unkept = async () =>
      (await cloud.call('sqs', 'ReceiveMessage', { QueueUrl: url('unkept'), MessageAttributeNames: ['All'] }))
        .Messages ?? [];
    return { ...cloud, key: KmsKeyIdentifier, unkept };
  }

  test('is encrypted by EventBridge: who puts events needs nothing on the key', async () => {
    const { codes, role, unkept } = await encrypted(keeps);
    const shop = await role('shop', [allow('events:PutEvents', BUS)]);
    expect(await codes([entry('shop', 'item.sold')], shop)).toEqual(['accepted']);
    expect(await unkept()).toEqual([]);
  });

  test('hands what it cannot encrypt to its own dead-letter queue', async () => {
    const { codes, unkept } = await encrypted();
    expect(await codes([entry('shop', 'item.sold')])).toEqual(['accepted']);
    const [message] = await unkept();
    expect(JSON.parse(message.Body)).toMatchObject({ source: 'shop', 'detail-type': 'item.sold' });
    expect(message.MessageAttributes.ERROR_MESSAGE.StringValue).toContain('kms:GenerateDataKey');
    const disabled = await encrypted(keeps);
    await disabled.call('kms', 'DisableKey', { KeyId: disabled.key });
    await disabled.codes([entry('shop', 'item.sold')]);
    expect((await disabled.unkept())[0].MessageAttributes.ERROR_MESSAGE.StringValue).toContain('is disabled');
  });

  test('has rules that are changed only by who may decrypt', async () => {
    const { call, role, key } = await encrypted(keeps);
    const rules = allow(['events:PutRule', 'events:DescribeRule'], arn('events', 'rule/trade/*'));
    const may = await role('may', [rules, allow('kms:Decrypt', key)]);
    const mayNot = await role('may-not', [rules]);
    const put = (as: Principal) =>
      verdict(
        call('events', 'PutRule', { Name: 'one', EventBusName: 'trade', EventPattern: '{"source":["a"]}' }, { as }),
      );
    expect(await put(may)).toBe('allowed');
    expect(await put(mayNot)).toBe('AccessDeniedException');
  });
});

describe('deliveries', () => {
  async function delivering(target: object) {
    const cloud = await withBus();
    await cloud.call('events', 'PutRule', { Name: 'one', EventBusName: 'trade', EventPattern: '{"source":["shop"]}' });
    const open = {
      Policy: document({ ...allow('sqs:SendMessage', '*'), Principal: { Service: 'events.amazonaws.com' } }),
    };
    await cloud.call('sqs', 'CreateQueue', { QueueName: 'dead', Attributes: open });
    await cloud.call('sqs', 'CreateQueue', { QueueName: 'inbox' });
    const Targets = [{ Id: 't', DeadLetterConfig: { Arn: arn('sqs', 'dead') }, ...target }];
    return {
      ...cloud,
      target: () => cloud.call('events', 'PutTargets', { EventBusName: 'trade', Rule: 'one', Targets }),
    };
  }

  test('that a queue refuses end in the rule’s dead-letter queue, with NO_PERMISSIONS', async () => {
    const { target, put, pass, call, denials } = await delivering({ Arn: arn('sqs', 'inbox') });
    await target();
    await put([entry('shop', 'item.sold')]);
    await pass(60_000);
    const { Messages } = await call('sqs', 'ReceiveMessage', { QueueUrl: url('dead'), MessageAttributeNames: ['All'] });
    expect(Messages[0].MessageAttributes.ERROR_CODE.StringValue).toBe('NO_PERMISSIONS');
    expect(denials()).toMatchObject([
      { action: 'sqs:SendMessage', principal: 'events.amazonaws.com', by: 'resource-based policy' },
    ]);
  });

  test('under a role need the role’s trust, its policy, and of the rule’s maker that they may pass it', async () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/forward`;
    const peer = arn('events', 'event-bus/trade', 'eu-central-1');
    const start = async (trusted: object, statement: object) => {
      const cloud = await delivering({ Arn: peer, RoleArn: role });
      await cloud.call('events', 'CreateEventBus', { Name: 'trade' }, { region: 'eu-central-1' });
      await cloud.role('forward', [statement], [trusted]);
      await cloud.target();
      await cloud.put([entry('shop', 'item.sold')]);
      await cloud.pass(60_000);
      return cloud.cloud.journal.entries
        .filter(
          ({ region, action, principal }) =>
            region === 'eu-central-1' && action === 'PutEvents' && principal.includes('forward'),
        )
        .map(({ error }) => error?.code ?? 'delivered');
    };
    expect(await start({ Service: 'events.amazonaws.com' }, allow('events:PutEvents', peer))).toEqual(['delivered']);
    expect(await start({ Service: 'events.amazonaws.com' }, allow('events:PutEvents', BUS))).toEqual([
      'AccessDeniedException',
    ]);
    expect(await start({ Service: 'lambda.amazonaws.com' }, allow('events:PutEvents', peer))).toEqual([]);

    const cloud = await delivering({ Arn: peer, RoleArn: role });
    const maker = await cloud.role('maker', [allow('events:PutTargets', '*')]);
    const Targets = [{ Id: 't', Arn: peer, RoleArn: role }];
    const put = cloud.call('events', 'PutTargets', { EventBusName: 'trade', Rule: 'one', Targets }, { as: maker });
    expect((await refusal(put))?.message).toContain(`iam:PassRole on resource: ${role}`);
  });
});

test('EventBridge itself may put nothing anywhere without a role', async () => {
  const { put } = await withBus();
  expect(await verdict(put([entry('shop', 'item.sold')], service('events', arn('events', 'rule/one'))))).toBe(
    'AccessDeniedException',
  );
});
