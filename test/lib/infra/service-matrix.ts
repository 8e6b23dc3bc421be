/** The matrix of what services may do: EventBridge and CloudWatch by queue, topic and key, and who may take on which role. */
import { names } from '../../../lib/model/names.ts';
import { ACCOUNT, administrator } from '../../../localcloud/cloud.ts';
import type { Principal } from '../../../localcloud/service.ts';
import type { Topics } from '../../../localcloud/sns/state.ts';
import type { Queues } from '../../../localcloud/sqs/state.ts';
import { trustDemand } from '../../../localcloud/sts/authorisation.ts';
import { alarmKeyIn, type Deployed, deploymentOf, holders, keyIn, type Row } from './matrix.ts';

const arn = (service: string, region: string, rest: string) => `arn:aws:${service}:${region}:${ACCOUNT}:${rest}`;

const service = (name: string, sourceArn: string | undefined, account = ACCOUNT): Principal => ({
  kind: 'service',
  account,
  service: `${name}.amazonaws.com`,
  ...(sourceArn === undefined ? {} : { sourceArn }),
});

/** For whom EventBridge could come: each rule, the bus, rules of other buses, regions and accounts, and for nobody. */
function sources({ pipeline, region, peer }: Deployed) {
  const d = deploymentOf(pipeline);
  const rule = (name: string, where = region) => arn('events', where, `rule/${names.bus(d)}/${name}`);
  const stages = pipeline.stages.map(({ name }) => ({ stage: name, source: rule(names.rule(d, name)) }));
  return {
    stages,
    replicate: rule(names.replicationRule(d)),
    bus: arn('events', region, `event-bus/${names.bus(d)}`),
    strangers: [
      arn('events', region, `rule/other/${names.rule(d, stages[0]!.stage)}`),
      arn('events', region, `rule/${names.rule(d, stages[0]!.stage)}`),
      rule(names.rule(d, stages[0]!.stage), peer),
      undefined,
    ],
  };
}

/** Every queue from every rule: an inbox from its own, undelivered from all, the bus's from the bus. The key goes by the account. */
export function deliveryRows(deployed: Deployed): readonly Row[] {
  const { cloud, region, pipeline } = deployed;
  const { stages, replicate, bus, strangers } = sources(deployed);
  const d = deploymentOf(pipeline);
  const rules = [...stages.map(({ source }) => source), replicate];
  const expectedFrom = (queue: string): readonly (string | undefined)[] => {
    if (queue === names.undelivered(d)) return rules;
    if (queue === names.busUndelivered(d)) return [bus];
    return stages.filter(({ stage }) => names.inbox(d, stage) === queue).map(({ source }) => source);
  };
  const callers = [...rules, bus, ...strangers].flatMap((source) => [
    { source, principal: service('events', source), ours: true },
    { source, principal: service('events', source, '999999999999'), ours: false },
    { source, principal: service('sns', source), ours: false },
  ]);
  const key = keyIn(deployed, region);
  return [...cloud.state<Queues>('sqs', region).queues.values()].flatMap((queue) =>
    callers.flatMap(({ source, principal, ours }): Row[] => {
      const expected = ours && expectedFrom(queue.name).includes(source);
      const { account } = principal;
      const who = `${principal.kind === 'service' ? principal.service : ''} of ${account} for ${source}`;
      const send = { action: 'sqs:SendMessage', resource: queue.arn, policy: queue.attributes.get('Policy') };
      const use = ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({
        action,
        resource: key.arn,
        policy: key.policy,
        policyMustAllow: true,
        keys: { 'kms:viaservice': `sqs.${region}.amazonaws.com` },
      }));
      const encrypted = queue.attributes.has('KmsMasterKeyId');
      return [
        { asks: `${who}: send to ${queue.name}`, principal, demand: send, expected },
        ...(encrypted
          ? use.map((demand) => ({ asks: `${who}: ${demand.action}`, principal, demand, expected: ours }))
          : []),
      ];
    }),
  );
}

/** Our alarms publish to the topic, and nothing else of CloudWatch's does. */
export function alarmRows(deployed: Deployed): readonly Row[] {
  const { cloud, region, peer, pipeline } = deployed;
  const [topic] = [...cloud.state<Topics>('sns', region).topics.values()];
  const ours = arn('cloudwatch', region, `alarm:${names.alarm(deploymentOf(pipeline), 'any')}`);
  const alarms = [ours, arn('cloudwatch', region, 'alarm:other'), ours.replace(region, peer), undefined];
  const [pipelines, own] = [keyIn(deployed, region), alarmKeyIn(deployed, region)];
  const use = (key: { arn: string; policy: string }, usable: boolean) =>
    ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({
      usable,
      demand: { action, resource: key.arn, policy: key.policy, policyMustAllow: true },
    }));
  const publish = { action: 'sns:Publish', resource: topic!.arn, policy: topic!.attributes.get('Policy') };
  // Not with the pipeline's key: it may be what the alarm is about.
  const demands = [{ usable: true, demand: publish }, ...use(own, true), ...use(pipelines, false)];
  return alarms.flatMap((source) =>
    [service('cloudwatch', source), service('cloudwatch', source, '999999999999'), service('lambda', source)].flatMap(
      (principal, index) =>
        demands.map(({ demand, usable }) => ({
          asks: `${index} for ${source}: ${demand.action} of ${demand.resource}`,
          principal,
          demand,
          expected: usable && source === ours && index === 0,
        })),
    ),
  );
}

/** Lambda takes on the functions' roles, the replication rule its own, and the account decides about the publisher's. */
export function trustRows(deployed: Deployed): readonly Row[] {
  const { cloud, pipeline, region } = deployed;
  const { replicate, strangers, stages, bus } = sources(deployed);
  const all = holders(deployed);
  const roleOf = (who: string) => names.role(deploymentOf(pipeline), who, region);
  const groupOf = (application: string) => arn('codedeploy', region, `deploymentgroup:${application}/sequencer`);
  const rules = [replicate, ...stages.map(({ source }) => source), bus, ...strangers];
  const takers: readonly { readonly principal: Principal; readonly of: string }[] = [
    { principal: service('lambda', undefined), of: 'a function' },
    ...rules.map((source) => ({
      principal: service('events', source),
      of: source === replicate ? 'the replication' : 'nobody',
    })),
    { principal: service('events', replicate, '999999999999'), of: 'nobody' },
    { principal: administrator, of: 'the publisher' },
    ...all.map(({ principal }) => ({ principal, of: 'nobody' })),
    { principal: service('codedeploy', groupOf(names.application(deploymentOf(pipeline)))), of: 'CodeDeploy' },
    { principal: service('codedeploy', groupOf('other')), of: 'nobody' },
    { principal: service('codedeploy', undefined), of: 'nobody' },
  ];
  const roles = [
    ...all.map(({ who, functionName }) => ({
      who,
      of: functionName !== undefined ? 'a function' : who === 'traffic' ? 'CodeDeploy' : 'the publisher',
    })),
    { who: 'replicate', of: 'the replication' },
  ];
  return roles.flatMap(({ who, of }) =>
    takers.map((taker, index) => ({
      asks: `${index} (for ${taker.of}) takes on the role of ${who}`,
      principal: taker.principal,
      demand: trustDemand(roleOf(who), { cloud, account: ACCOUNT }),
      expected: taker.of === of,
    })),
  );
}
