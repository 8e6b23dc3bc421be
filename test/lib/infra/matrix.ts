/**
 * The permission matrix, both ways: who may do what to what, as `lib/model/permissions.ts` says, against what the
 * policies of the synthesised templates do, deployed into a local cloud and asked question by question. A row is a
 * question with the answer that the model gives; it knows nothing of how the policies are written.
 */
import { names } from '../../../lib/model/names.ts';
import {
  checkPermissions,
  type Permission,
  permissionsOf,
  publisherPermissions,
  sequencerPermissions,
  type Target,
  trafficPermissions,
  workersOf,
} from '../../../lib/model/permissions.ts';
import {
  domainTablesOf,
  eventTypesOf,
  ingressSource,
  type Pipeline,
  stageSource,
} from '../../../lib/model/pipeline.ts';
import { outsidesOf } from '../../../lib/model/stage.ts';
import { ACCOUNT, administrator, type Cloud } from '../../../localcloud/cloud.ts';
import type { Keys } from '../../../localcloud/kms/state.ts';
import type { Demand } from '../../../localcloud/policy/demand.ts';
import type { Principal } from '../../../localcloud/service.ts';
import { sessionPrincipal } from '../../../localcloud/sts/credentials.ts';

export interface Row {
  /** For the report of a mismatch. */
  readonly asks: string;
  readonly principal: Principal;
  readonly demand: Demand;
  readonly expected: boolean;
}

export interface Deployed {
  readonly cloud: Cloud;
  readonly pipeline: Pipeline;
  readonly region: string;
  readonly peer: string;
}

/** Somebody with a role, and what the model gives them. */
interface Holder {
  readonly who: string;
  readonly principal: Principal;
  readonly permissions: readonly Permission[];
  /** Of the function that has the role, if one has. */
  readonly functionName: string | undefined;
}

const environment = 'dev';
export const deploymentOf = (pipeline: Pipeline) => ({ pipeline: pipeline.name, environment });
const arn = (service: string, region: string, rest: string) => `arn:aws:${service}:${region}:${ACCOUNT}:${rest}`;

export function holders({ pipeline, region }: Deployed): readonly Holder[] {
  const d = deploymentOf(pipeline);
  const holder = (who: string, permissions: readonly Permission[], functionName?: string): Holder => ({
    who,
    permissions,
    functionName,
    principal: sessionPrincipal(ACCOUNT, names.role(d, who, region), 'session'),
  });
  return [
    ...pipeline.stages.map((stage) =>
      holder(stage.name, permissionsOf(stage, pipeline, { sandboxed: true }), names.function(d, stage.name)),
    ),
    holder('sequencer', sequencerPermissions(pipeline), names.sequencer(d)),
    holder('publisher', publisherPermissions(pipeline)),
    holder('check', checkPermissions(pipeline), names.check(d)),
    holder('traffic', trafficPermissions(pipeline)),
  ];
}

const same = (a: Target, b: Target): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

const given = ({ permissions }: Holder, action: string, on: Target): Permission | undefined =>
  permissions.find((permission) => same(permission.on, on) && permission.actions.includes(action));

const row = (holder: Pick<Holder, 'who' | 'principal'>, demand: Demand, expected: boolean, more = ''): Row => ({
  asks: `${holder.who}: ${demand.action} on ${demand.resource}${more && `, ${more}`}`,
  principal: holder.principal,
  demand,
  expected,
});

const queueActions = [
  ...['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes'],
  ...['PurgeQueue', 'SetQueueAttributes', 'DeleteQueue', 'StartMessageMoveTask'],
].map((action) => `sqs:${action}`);

/** Every queue by name, and what the model calls it, if it does. */
function queuesOf(pipeline: Pipeline): readonly (readonly [string, Target | undefined])[] {
  const d = deploymentOf(pipeline);
  return [
    ...pipeline.stages.flatMap(({ name: stage }) => [
      [names.queue(d, stage), { kind: 'queue', stage }] as const,
      [names.deadLetters(d, stage), { kind: 'dead-letters', stage }] as const,
      [names.inbox(d, stage), { kind: 'inbox', stage }] as const,
      [names.inboxDeadLetters(d, stage), undefined] as const,
    ]),
    [names.quarantine(d), { kind: 'quarantine' }],
    [names.undelivered(d), undefined],
    [names.busUndelivered(d), undefined],
  ];
}

/** Everybody, every queue of both regions, every action. */
export const queueRows = (deployed: Deployed): readonly Row[] =>
  holders(deployed).flatMap((holder) =>
    queuesOf(deployed.pipeline).flatMap(([name, target]) =>
      queueActions.flatMap((action) => [
        row(
          holder,
          { action, resource: arn('sqs', deployed.region, name) },
          target !== undefined && given(holder, action, target) !== undefined,
        ),
        row(holder, { action, resource: arn('sqs', deployed.peer, name) }, false),
      ]),
    ),
  );

const tableActions = [
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem', 'Query', 'Scan'],
  ...['BatchGetItem', 'BatchWriteItem', 'DescribeTable', 'DeleteTable'],
].map((action) => `dynamodb:${action}`);

function tablesOf(pipeline: Pipeline): readonly (readonly [string, Target])[] {
  const d = deploymentOf(pipeline);
  const systems = new Set(pipeline.stages.flatMap((stage) => outsidesOf(stage).map(({ system }) => system)));
  return [
    [names.records(d), { kind: 'records' }],
    [names.authority(d), { kind: 'authority' }],
    ...domainTablesOf(pipeline).map((table) => [names.table(d, table), { kind: 'table', table }] as const),
    ...[...systems].map((system) => [names.sandbox(d, system), { kind: 'sandbox', system }] as const),
  ];
}

/** Leading keys: one's own, several of one's own, another's, both, none. */
const leadingKeys = (pipeline: Pipeline, who: string): readonly (readonly string[] | undefined)[] => [
  [`${who}#1`],
  [`${who}#1`, `${who}#2`],
  ...pipeline.stages
    .filter(({ name }) => name !== who)
    .flatMap(({ name }) => [[`${name}#1`], [`${who}#1`, `${name}#1`]]),
  [`${who}1`],
  undefined,
];

export const tableRows = (deployed: Deployed): readonly Row[] =>
  holders(deployed).flatMap((holder) =>
    tablesOf(deployed.pipeline).flatMap(([name, target]) =>
      tableActions.flatMap((action) =>
        leadingKeys(deployed.pipeline, holder.who).map((keys) => {
          const permission = given(holder, action, target);
          const within =
            permission?.keys === undefined || (keys?.every((key) => key.startsWith(permission.keys!)) ?? false);
          const demand = {
            action,
            resource: arn('dynamodb', deployed.region, `table/${name}`),
            keys: { 'dynamodb:leadingkeys': keys },
          };
          return row(holder, demand, permission !== undefined && within, `leading keys ${keys}`);
        }),
      ),
    ),
  );

/** Every type from every source; several at once; none. With what the bus itself says, and without, lest one hide the other's faults. */
export function eventRows(deployed: Deployed, busPolicy: string | undefined): readonly Row[] {
  const { pipeline, region } = deployed;
  const types = eventTypesOf(pipeline).map(({ type }) => type);
  const sources = [
    ingressSource(pipeline.name),
    ...pipeline.stages.map(({ name }) => stageSource(pipeline.name, name)),
  ];
  const resource = arn('events', region, `event-bus/${names.bus(deploymentOf(pipeline))}`);
  return holders(deployed).flatMap((holder) => {
    const only = given(holder, 'events:PutEvents', { kind: 'bus' })?.only;
    const lists = [...types.map((type) => [type]), ...(only ? [only.types] : []), types, ['undeclared'], undefined];
    return lists.flatMap((list) =>
      [...sources, 'undeclared', undefined].flatMap((source) => {
        const keys = { 'events:detail-type': list, 'events:source': source && [source] };
        const expected =
          only !== undefined && source === only.source && (list?.every((type) => only.types.includes(type)) ?? false);
        const more = `type ${list}, source ${source}`;
        const demand = { action: 'events:PutEvents', resource, keys };
        return [
          row(holder, demand, expected, more),
          row(holder, { ...demand, policy: busPolicy }, expected, `${more}, with the bus`),
        ];
      }),
    );
  });
}

const keyActions = [
  ...['Decrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo'],
  ...['CreateGrant', 'DescribeKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'],
].map((action) => `kms:${action}`);
const services = ['sqs', 'dynamodb', 'events', 'lambda', 'sns', 's3', undefined];

export const keyIn = ({ cloud }: Deployed, region: string) => [...cloud.state<Keys>('kms', region).keys.values()][0]!;

/** The key of the topic that alarms tell, which is deployed after the pipeline's. */
export const alarmKeyIn = ({ cloud }: Deployed, region: string) =>
  [...cloud.state<Keys>('kms', region).keys.values()][1]!;

/** Everybody, every way to the key, and every function's environment. */
export function keyRows(deployed: Deployed): readonly Row[] {
  const { region, peer } = deployed;
  const functions = holders(deployed).flatMap(({ functionName }) => functionName ?? []);
  return [region, peer].flatMap((where) =>
    holders(deployed).flatMap((holder) =>
      keyActions.flatMap((action) =>
        services.flatMap((via) =>
          [...functions, undefined].map((name) => {
            const inModel = holder.permissions.some(
              ({ on, actions }) => on.kind === 'key' && on.via === via && actions.includes(action),
            );
            const environment = action === 'kms:Decrypt' && name !== undefined && name === holder.functionName;
            const bound = name && {
              'kms:encryptioncontext:aws:lambda:functionarn': arn('lambda', where, `function:${name}`),
            };
            const demand = keyDemand(keyIn(deployed, where), action, { via, region: where, ...bound });
            return row(holder, demand, where === region && (inModel || environment), `via ${via}, environment ${name}`);
          }),
        ),
      ),
    ),
  );
}

function keyDemand(
  key: { arn: string; policy: string },
  action: string,
  { via, region, ...keys }: { via: string | undefined; region: string } & Record<string, string | undefined>,
): Demand {
  const viaService = via && `${via}.${region}.amazonaws.com`;
  const { arn: resource, policy } = key;
  return { action, resource, policy, policyMustAllow: true, keys: { ...keys, 'kms:viaservice': viaService } };
}

/** Not even the administrator uses the key past the services. */
export const administratorRows = (deployed: Deployed): readonly Row[] =>
  keyActions.flatMap((action) =>
    services.map((via) => {
      const isUse = !/DescribeKey|PutKeyPolicy|ScheduleKeyDeletion/.test(action);
      const through =
        via === undefined || via === 's3' || via === 'sns'
          ? []
          : action === 'kms:CreateGrant'
            ? ['dynamodb', 'lambda']
            : [via];
      const demand = keyDemand(keyIn(deployed, deployed.region), action, { via, region: deployed.region });
      const who = { who: 'the administrator', principal: administrator };
      return row(who, demand, !isUse || through.includes(via ?? ''), `via ${via}`);
    }),
  );

/** Everybody, the settings of every stage, of both regions: reading below the path, and every other way to them. */
export const settingsRows = (deployed: Deployed): readonly Row[] =>
  holders(deployed).flatMap((holder) =>
    deployed.pipeline.stages.flatMap(({ name: stage }) =>
      ['GetParametersByPath', 'GetParameter', 'GetParameters', 'PutParameter', 'DeleteParameter'].flatMap((word) => {
        const action = `ssm:${word}`;
        const path = `parameter${names.settings(deploymentOf(deployed.pipeline), stage)}`;
        const mine = given(holder, action, { kind: 'settings', stage }) !== undefined;
        return [
          row(holder, { action, resource: arn('ssm', deployed.region, path) }, mine),
          row(holder, { action, resource: arn('ssm', deployed.region, `${path}/set`) }, false),
          row(holder, { action, resource: arn('ssm', deployed.region, path.slice(0, path.lastIndexOf('/'))) }, false),
          row(holder, { action, resource: arn('ssm', deployed.peer, path) }, false),
        ];
      }),
    ),
  );

export const logRows = (deployed: Deployed): readonly Row[] =>
  holders(deployed).flatMap((holder) =>
    [...holders(deployed).map(({ who }) => who), 'other'].flatMap((who) =>
      ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DeleteLogStream', 'logs:GetLogEvents'].map((action) => {
        const group = names.logGroup(deploymentOf(deployed.pipeline), who);
        const resource = arn('logs', deployed.region, `log-group:${group}:log-stream:2026/01/05/[1]a`);
        return row(holder, { action, resource }, given(holder, action, { kind: 'log-streams', who }) !== undefined);
      }),
    ),
  );

const deliveryActions = [
  ...[
    'lambda:InvokeFunction',
    'lambda:GetAlias',
    'lambda:UpdateAlias',
    'lambda:UpdateFunctionCode',
    'lambda:DeleteFunction',
  ],
  ...['lambda:PublishVersion', 'lambda:GetProvisionedConcurrencyConfig', 'codedeploy:GetDeployment'],
  ...['codedeploy:PutLifecycleEventHookExecutionStatus', 'codedeploy:CreateDeployment', 'codedeploy:StopDeployment'],
  ...['cloudwatch:DescribeAlarms', 'cloudwatch:SetAlarmState', 'cloudwatch:DeleteAlarms'],
];

/** Everybody, every function and its versions, every group, every alarm, of both regions and of strangers. */
export function trafficRows(deployed: Deployed): readonly Row[] {
  const { pipeline, region, peer } = deployed;
  const d = deploymentOf(pipeline);
  const things: readonly (readonly [service: string, rest: string, target: Target | undefined])[] = [
    ...[...workersOf(pipeline), 'check'].flatMap((who) => {
      const name = names.function(d, who);
      return [
        ['lambda', `function:${name}`, { kind: 'function', who }] as const,
        ['lambda', `function:${name}:7`, { kind: 'versions', who }] as const,
        ['lambda', `function:${names.live(name)}`, { kind: 'versions', who }] as const,
      ];
    }),
    ['lambda', 'function:other', undefined],
    ['lambda', 'function:other:7', undefined],
    ['codedeploy', `deploymentgroup:${names.application(d)}/sequencer`, { kind: 'deployments' }],
    ['codedeploy', 'deploymentgroup:other/sequencer', undefined],
    ['cloudwatch', `alarm:${names.alarm(d, 'any')}`, { kind: 'alarms' }],
  ];
  return holders(deployed).flatMap((holder) =>
    things.flatMap(([service, rest, target]) =>
      deliveryActions
        .filter((action) => action.startsWith(service))
        .flatMap((action) => [
          row(
            holder,
            { action, resource: arn(service, region, rest) },
            target !== undefined && given(holder, action, target) !== undefined,
          ),
          row(holder, { action, resource: arn(service, peer, rest) }, false),
        ]),
    ),
  );
}
