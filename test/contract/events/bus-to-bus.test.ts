import { expect } from 'vitest';
import { type Aws, behaviour } from '../contract.ts';
import {
  bodies,
  bus,
  busArn,
  busRole,
  captured,
  inRegion,
  messages,
  publish,
  type Queue,
  queue,
  rule,
} from './given.ts';

const crossRegion = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html';

/** A rule that hands all events of a bus to another bus. */
const forward = (
  from: { aws: Aws; bus: string; pattern?: object; failed?: Queue },
  to: { aws: Aws; bus: string },
  RoleArn: string,
) =>
  rule(from.aws, from.bus, {
    ...(from.pattern ? { pattern: from.pattern } : {}),
    targets: [
      {
        Id: 'on',
        Arn: busArn(to.aws, to.bus),
        RoleArn,
        ...(from.failed ? { DeadLetterConfig: { Arn: from.failed.arn } } : {}),
      },
    ],
  });

/** A queue that receives everything on a bus. */
async function inboxOf(aws: Aws, busName: string): Promise<Queue> {
  const inbox = await queue(aws);
  await rule(aws, busName, { targets: [{ Id: 'inbox', Arn: inbox.arn }] });
  return inbox;
}

const codeOf = async (aws: Aws, failed: Queue) =>
  (await messages(aws, failed))[0]?.MessageAttributes?.ERROR_CODE?.StringValue;

behaviour(
  'from bus to bus within a region an event stays as it is, its id included',
  { source: captured('bus_forwarding'), covers: ['events:PutTargets', 'events:PutEvents'] },
  async (aws) => {
    const [from, to, role] = [await bus(aws), await bus(aws), await busRole(aws)];
    const inbox = await inboxOf(aws, to);
    await forward({ aws, bus: from }, { aws, bus: to }, role);
    const { Entries } = await publish(aws, { EventBusName: from, Time: new Date('2026-01-01'), Resources: ['r'] });
    expect(await bodies(aws, inbox)).toMatchObject([
      {
        id: Entries![0]!.EventId,
        time: '2026-01-01T00:00:00Z',
        region: aws.region,
        resources: ['r'],
        detail: { n: 1 },
      },
    ]);
  },
);

behaviour(
  'in another region it keeps account, region, resources and detail of its birth, and gets a new id and time',
  { source: captured('bus_forwarding'), covers: ['events:PutTargets', 'events:PutEvents'] },
  async (aws) => {
    const there = inRegion(aws);
    const [from, to, role] = [await bus(aws), await bus(there), await busRole(aws)];
    const inbox = await inboxOf(there, to);
    await forward({ aws, bus: from }, { aws: there, bus: to }, role);
    const { Entries } = await publish(aws, { EventBusName: from, Time: new Date('2026-01-01'), Resources: ['r'] });
    const [event] = await bodies(there, inbox);
    expect(event).toMatchObject({ account: aws.account, region: aws.region, resources: ['r'], detail: { n: 1 } });
    expect(event.id).not.toBe(Entries![0]!.EventId);
    expect(event.time).not.toBe('2026-01-01T00:00:00Z');
  },
);

behaviour(
  'a second hop within the region is refused, to the dead-letter queue as THIRD_ACCOUNT_HOP_DETECTED',
  { source: captured('bus_forwarding'), covers: ['events:PutTargets'] },
  async (aws) => {
    const [a, b, c, failed, role] = [
      await bus(aws),
      await bus(aws),
      await bus(aws),
      await queue(aws),
      await busRole(aws),
    ];
    const inbox = await inboxOf(aws, c);
    await forward({ aws, bus: a }, { aws, bus: b }, role);
    await forward({ aws, bus: b, failed }, { aws, bus: c }, role);
    await publish(aws, { EventBusName: a });
    expect(await codeOf(aws, failed)).toBe('THIRD_ACCOUNT_HOP_DETECTED');
    expect(await messages(aws, inbox)).toEqual([]);
  },
);

behaviour(
  'a second hop between regions is refused, even back to where the event was born',
  { source: captured('bus_forwarding'), covers: ['events:PutTargets'] },
  async (aws) => {
    const there = inRegion(aws);
    const [a, b, back, role] = [await bus(aws), await bus(there), await bus(aws), await busRole(aws)];
    const [inbox, failed] = [await inboxOf(aws, back), await queue(there)];
    await forward({ aws, bus: a }, { aws: there, bus: b }, role);
    await forward({ aws: there, bus: b, failed }, { aws, bus: back }, role);
    await publish(aws, { EventBusName: a });
    expect(await codeOf(there, failed)).toBe('THIRD_REGION_HOP_DETECTED');
    expect(await messages(aws, inbox)).toEqual([]);
  },
);

behaviour(
  'one hop within a region and one between regions go together, in either order',
  { source: captured('bus_forwarding'), covers: ['events:PutTargets'] },
  async (aws) => {
    const there = inRegion(aws);
    const role = await busRole(aws);
    const [a, b, far, farther] = [await bus(aws), await bus(aws), await bus(there), await bus(there)];
    await forward({ aws, bus: a }, { aws, bus: b }, role);
    await forward({ aws, bus: b }, { aws: there, bus: far }, role);
    const inbox = await inboxOf(there, far);
    await publish(aws, { EventBusName: a });
    expect(await bodies(there, inbox)).toHaveLength(1);

    await forward({ aws: there, bus: far }, { aws: there, bus: farther }, role);
    const last = await inboxOf(there, farther);
    await publish(aws, { EventBusName: b, Detail: '{"n":2}' });
    expect(await bodies(there, last)).toMatchObject([{ region: aws.region, detail: { n: 2 } }]);
  },
);

behaviour(
  'two buses that hand each other only what was born in their region make no loop',
  { source: crossRegion, covers: ['events:PutTargets'] },
  async (aws) => {
    const there = inRegion(aws);
    const [here, far, role] = [await bus(aws), await bus(there), await busRole(aws)];
    const born = (region: string) => ({ region: [region], 'replay-name': [{ exists: false }] });
    await forward({ aws, bus: here, pattern: born(aws.region) }, { aws: there, bus: far }, role);
    await forward({ aws: there, bus: far, pattern: born(there.region) }, { aws, bus: here }, role);
    const [hereInbox, farInbox] = [await inboxOf(aws, here), await inboxOf(there, far)];
    await publish(aws, { EventBusName: here, Detail: '{"n":1}' });
    await publish(there, { EventBusName: far, Detail: '{"n":2}' });
    const numbers = (events: any[]) => events.map(({ detail }) => detail.n).sort();
    expect(numbers(await bodies(aws, hereInbox, 3))).toEqual([1, 2]);
    expect(numbers(await bodies(there, farInbox, 3))).toEqual([1, 2]);
  },
);

behaviour(
  'a bus that does not exist takes what is handed to it, and nobody is told',
  { source: captured('bus_forwarding'), covers: ['events:PutTargets'] },
  async (aws) => {
    const [from, failed, role] = [await bus(aws), await queue(aws), await busRole(aws)];
    await forward({ aws, bus: from, failed }, { aws, bus: aws.name('nowhere') }, role);
    await publish(aws, { EventBusName: from });
    expect(await messages(aws, failed)).toEqual([]);
  },
);
