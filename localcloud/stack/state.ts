/** What CloudFormation remembers of a region: its stacks, and the stacks that were. */
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import type { Existing } from './resource-type.ts';
import { invalid, type Template } from './template.ts';

export type StackStatus =
  | 'CREATE_COMPLETE'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'ROLLBACK_COMPLETE'
  | 'ROLLBACK_FAILED'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'UPDATE_ROLLBACK_FAILED'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED';

export interface StackResource extends Existing {
  readonly logicalId: string;
  readonly type: string;
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
  readonly status: 'CREATE_COMPLETE' | 'UPDATE_COMPLETE' | 'DELETE_FAILED';
  readonly reason?: string;
}

export interface Output {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface Stack {
  readonly id: string;
  readonly name: string;
  status: StackStatus;
  reason?: string;
  template: Template;
  /** The template as it was given. */
  templateText: string;
  parameters: Readonly<Record<string, string>>;
  tags: readonly { readonly Key: string; readonly Value: string }[];
  terminationProtection: boolean;
  /** Of the operation that was carried out last. */
  token?: string;
  /** What happened, the oldest first. */
  readonly events: StackEvent[];
  /** In the order in which they were made. */
  resources: ReadonlyMap<string, StackResource>;
  outputs: readonly Output[];
  /** Names of the exports that the stack imports. */
  imports: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  updatedAt?: number;
  deletedAt?: number;
}

export interface Stacks {
  readonly stacks: Map<string, Stack>;
  readonly deleted: Stack[];
  /** Which operation a client's token stood for. */
  readonly tokens: Map<string, string>;
}

export const createStacks = (): Stacks => ({ stacks: new Map(), deleted: [], tokens: new Map() });

/**
 * The stack of a name or id; deleted ones only by their id, as on AWS.
 * @throws ServiceError `ValidationError`
 */
export function stackNamed(state: Stacks, nameOrId: string | undefined): Stack {
  const found =
    state.stacks.get(nameOrId ?? '') ?? [...state.stacks.values(), ...state.deleted].find(({ id }) => id === nameOrId);
  if (found) return found;
  throw invalid(`Stack with id ${nameOrId} does not exist`);
}

/** Every export of the region. */
export const exportsOf = (state: Stacks) =>
  [...state.stacks.values()].flatMap((stack) =>
    stack.outputs.flatMap(({ exportName, value }) =>
      exportName === undefined ? [] : [{ stack, name: exportName, value }],
    ),
  );

/** Names of the stacks that import an export. */
export const importersOf = (state: Stacks, exportName: string): string[] =>
  [...state.stacks.values()].filter(({ imports }) => imports.has(exportName)).map(({ name }) => name);
