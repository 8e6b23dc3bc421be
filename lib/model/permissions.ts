/**
 * What each function may do, derived from what its stage declares: the single source of its role, of the permission
 * matrix in the tests, and of nothing else. Actions and condition keys: AWS Service Authorization Reference.
 */
import { ACTIVE } from './authority.ts';
import { CANARY, canarySource } from './canary.ts';
import { INGRESS } from './names.ts';
import { ingressSource, type Pipeline, stageSource } from './pipeline.ts';
import { outsidesOf, type Stage, tablesOf } from './stage.ts';
import type { TableOperation } from './uses.ts';

/** What a permission is on. `lib/infra` turns it into an ARN. */
export type Target =
  | { readonly kind: 'queue'; readonly stage: string }
  | { readonly kind: 'dead-letters'; readonly stage: string }
  | { readonly kind: 'inbox'; readonly stage: string }
  | { readonly kind: 'quarantine' }
  | { readonly kind: 'bus' }
  | { readonly kind: 'records' }
  | { readonly kind: 'authority' }
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'sandbox'; readonly system: string }
  | { readonly kind: 'settings'; readonly stage: string }
  | { readonly kind: 'log-streams'; readonly who: string }
  /** A function, by its stage, as `sequencer` or as `check`; or whichever of its versions and aliases. */
  | { readonly kind: 'function'; readonly who: string }
  | { readonly kind: 'versions'; readonly who: string }
  | { readonly kind: 'alarms' }
  /** All deployment groups of the pipeline. */
  | { readonly kind: 'deployments' }
  | { readonly kind: 'key'; readonly via: 'sqs' | 'dynamodb' };

export interface Permission {
  readonly on: Target;
  readonly actions: readonly string[];
  /** For the bus: only events of these types, said by this source. */
  readonly only?: { readonly source: string; readonly types: readonly string[] };
  /** For a table: only items whose partition key begins so. */
  readonly keys?: string;
}

const tableActions: Readonly<Record<TableOperation, string>> = {
  get: 'dynamodb:GetItem',
  add: 'dynamodb:PutItem',
  put: 'dynamodb:PutItem',
};

/** What an event source needs: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const consume = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** A queue's key is used by who sends, and to decrypt by who receives. */
const queueKey: Permission = { on: { kind: 'key', via: 'sqs' }, actions: ['kms:Decrypt', 'kms:GenerateDataKey'] };
/** A table's key is decrypted in the name of who reads or writes; new ones DynamoDB makes under a grant of its own. */
const tableKey: Permission = { on: { kind: 'key', via: 'dynamodb' }, actions: ['kms:Decrypt'] };

const logs = (who: string): Permission => ({
  on: { kind: 'log-streams', who },
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
});

/** What is on a bus EventBridge encrypts by itself, so nobody who says something needs the key. */
const says = (source: string, types: readonly string[]): readonly Permission[] =>
  types.length === 0 ? [] : [{ on: { kind: 'bus' }, actions: ['events:PutEvents'], only: { source, types } }];

/** Everything a stage's function may do. `sandboxed`: whether its outside systems are sandboxes in this environment. */
export function permissionsOf(
  stage: Stage,
  pipeline: Pipeline,
  { sandboxed }: { sandboxed: boolean },
): readonly Permission[] {
  return [
    // It makes failed messages visible again sooner, and sends itself word to go on with what waits.
    {
      on: { kind: 'queue', stage: stage.name },
      actions: [...consume, 'sqs:ChangeMessageVisibility', 'sqs:SendMessage'],
    },
    { on: { kind: 'dead-letters', stage: stage.name }, actions: ['sqs:SendMessage'] },
    {
      on: { kind: 'records' },
      actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      keys: `${stage.name}#`,
    },
    // Whether its region may commit: it reads the authority, renews it, and in the beginning claims it.
    { on: { kind: 'authority' }, actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], keys: ACTIVE },
    ...tablesOf(stage).map(
      ({ table, operations }): Permission => ({
        on: { kind: 'table', table },
        actions: [...new Set(operations.map((operation) => tableActions[operation]))],
      }),
    ),
    ...(sandboxed ? outsidesOf(stage) : []).map(
      ({ system }): Permission => ({
        on: { kind: 'sandbox', system },
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      }),
    ),
    ...says(
      stageSource(pipeline.name, stage.name),
      stage.emits.map(({ type }) => type),
    ),
    { on: { kind: 'settings', stage: stage.name }, actions: ['ssm:GetParametersByPath'] },
    queueKey,
    tableKey,
    logs(stage.name),
  ];
}

/** Everything the sequencer may do: from every inbox to every stage's queue, or to quarantine. */
export const sequencerPermissions = (pipeline: Pipeline): readonly Permission[] => [
  ...pipeline.stages.flatMap(({ name }): Permission[] => [
    { on: { kind: 'inbox', stage: name }, actions: consume },
    { on: { kind: 'queue', stage: name }, actions: ['sqs:SendMessage'] },
  ]),
  { on: { kind: 'quarantine' }, actions: ['sqs:SendMessage'] },
  queueKey,
  logs('sequencer'),
];

/** Who works behind an alias: every stage, and the sequencer. */
export const workersOf = ({ stages }: Pipeline): readonly string[] => [...stages.map(({ name }) => name), 'sequencer'];

/** Everything that may be done by what looks at new versions: call them, by number, and say what it found. */
export const checkPermissions = (pipeline: Pipeline): readonly Permission[] => [
  ...workersOf(pipeline).map(
    (who): Permission => ({ on: { kind: 'versions', who }, actions: ['lambda:InvokeFunction'] }),
  ),
  {
    on: { kind: 'deployments' },
    actions: ['codedeploy:GetDeployment', 'codedeploy:PutLifecycleEventHookExecutionStatus'],
  },
  logs('check'),
];

/**
 * Everything CodeDeploy may do: move aliases, have new versions looked at, and watch alarms. That it asks for provisioned
 * concurrency, of which there is none, is AWS's own list (`AWSCodeDeployRoleForLambdaLimited`), which allows it all on everything.
 */
export const trafficPermissions = (pipeline: Pipeline): readonly Permission[] => [
  ...workersOf(pipeline).flatMap((who): Permission[] => [
    { on: { kind: 'function', who }, actions: ['lambda:GetAlias', 'lambda:UpdateAlias'] },
    { on: { kind: 'versions', who }, actions: ['lambda:GetProvisionedConcurrencyConfig'] },
  ]),
  { on: { kind: 'function', who: 'check' }, actions: ['lambda:InvokeFunction'] },
  { on: { kind: 'alarms' }, actions: ['cloudwatch:DescribeAlarms'] },
];

/** Everything a canary may do in its own region; that it looks at the other is said where it is built. */
export const canaryPermissions = (pipeline: Pipeline): readonly Permission[] => [
  ...says(canarySource(pipeline.name), [CANARY]),
  logs(CANARY),
];

/** Everything a producer may do: say the entry events, and number them. */
export const publisherPermissions = (pipeline: Pipeline): readonly Permission[] => [
  ...says(
    ingressSource(pipeline.name),
    pipeline.entries.map(({ type }) => type),
  ),
  {
    on: { kind: 'records' },
    actions: ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    keys: `${INGRESS}#`,
  },
  tableKey,
];
