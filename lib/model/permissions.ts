/**
 * What each function may do, derived from what its stage declares: the single source of its role, of the permission
 * matrix in the tests, and of nothing else. Actions and condition keys: AWS Service Authorization Reference.
 */
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
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'sandbox'; readonly system: string }
  | { readonly kind: 'log-streams'; readonly who: string }
  | { readonly kind: 'key'; readonly via: 'sqs' | 'dynamodb' | 'events' };

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

const consume = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'];
const useKey = ['kms:Decrypt', 'kms:GenerateDataKey'];

const logs = (who: string): Permission => ({
  on: { kind: 'log-streams', who },
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
});

const says = (source: string, types: readonly string[]): readonly Permission[] =>
  types.length === 0
    ? []
    : [
        { on: { kind: 'bus' }, actions: ['events:PutEvents'], only: { source, types } },
        { on: { kind: 'key', via: 'events' }, actions: useKey },
      ];

/** Everything a stage's function may do. `sandboxed`: whether its outside systems are sandboxes in this environment. */
export function permissionsOf(
  stage: Stage,
  pipeline: Pipeline,
  { sandboxed }: { sandboxed: boolean },
): readonly Permission[] {
  const leased = outsidesOf(stage).length > 0;
  return [
    { on: { kind: 'queue', stage: stage.name }, actions: consume },
    { on: { kind: 'dead-letters', stage: stage.name }, actions: ['sqs:SendMessage'] },
    {
      on: { kind: 'records' },
      actions: [
        'dynamodb:GetItem',
        'dynamodb:UpdateItem',
        ...(leased ? ['dynamodb:PutItem', 'dynamodb:DeleteItem'] : []),
      ],
      keys: `${stage.name}#`,
    },
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
    { on: { kind: 'key', via: 'sqs' }, actions: useKey },
    { on: { kind: 'key', via: 'dynamodb' }, actions: useKey },
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
  { on: { kind: 'key', via: 'sqs' }, actions: useKey },
  logs('sequencer'),
];

/** Everything a producer may do: say the entry events. */
export const publisherPermissions = (pipeline: Pipeline): readonly Permission[] =>
  says(
    ingressSource(pipeline.name),
    pipeline.entries.map(({ type }) => type),
  );
