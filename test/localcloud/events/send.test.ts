import { describe, expect, test } from 'vitest';
import { busArn, queueArn, stage } from './stubs.ts';

const sold = { 'detail-type': ['item.sold'] };
const roleArn = 'arn:aws:iam::123456789012:role/paths/replicate';

describe('from bus to bus', () => {
  const toOther = (region: string) => [{ Arn: busArn('trade', region), RoleArn: roleArn }];

  test('an event keeps region, account and detail of its birth, under a new id and time', async () => {
    const { rule, call, pass, scene, cloud } = stage();
    await rule('replicate', { region: ['eu-west-1'] }, toOther('eu-central-1'));
    await rule('sold', sold, [{ Arn: queueArn('inbox', 'eu-central-1') }], { region: 'eu-central-1' });
    const Time = new Date(Date.UTC(2026, 0, 1));
    const { Entries } = await call('events', 'PutEvents', {
      Entries: [
        { Source: 'shop', DetailType: 'item.sold', Detail: '{"n":1}', EventBusName: 'trade', Time, Resources: ['r'] },
      ],
    });
    await pass(1000);
    expect(scene.sent).toHaveLength(1);
    expect(scene.sent[0]).toMatchObject({
      region: 'eu-central-1',
      body: {
        region: 'eu-west-1',
        account: '123456789012',
        time: '2026-01-05T08:00:00Z',
        resources: ['r'],
        detail: { n: 1 },
      },
    });
    expect(scene.sent[0]!.body.id).not.toBe(Entries[0].EventId);
    const forwarded = cloud.journal.entries.find(
      ({ action, region }) => action === 'PutEvents' && region === 'eu-central-1',
    );
    expect(forwarded!.principal).toBe('arn:aws:sts::123456789012:assumed-role/replicate/replicate');
  });

  test('two buses that forward what was born with them make no loop', async () => {
    const { rule, put, pass, notes } = stage();
    await rule('out', { region: ['eu-west-1'] }, toOther('eu-central-1'));
    await rule('back', { region: ['eu-central-1'] }, toOther('eu-west-1'), { region: 'eu-central-1' });
    await put({ n: 1 });
    await pass(10_000);
    expect(notes('RuleMatched').map(({ input }) => input.rule)).toEqual(['out']);
  });

  test('an event that has crossed once may not cross again', async () => {
    const { rule, put, pass, notes } = stage();
    await rule('out', sold, toOther('eu-central-1'));
    await rule('on', sold, toOther('us-east-1'), { region: 'eu-central-1' });
    await put({ n: 1 });
    await pass(10_000);
    expect(notes('DeliveryDropped').map(({ input, region }) => [region, input.code])).toEqual([
      ['eu-central-1', 'THIRD_REGION_HOP_DETECTED'],
    ]);
  });

  test('no client can pretend that its event comes from elsewhere', async () => {
    const { call } = stage();
    const entry = { Source: 's', DetailType: 'd', Detail: '{}', region: 'us-east-1' };
    await expect(call('events', 'PutEvents', { Entries: [entry] })).rejects.toMatchObject({ code: 'NotImplemented' });
  });
});
