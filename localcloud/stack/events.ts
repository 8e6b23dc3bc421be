/** What happens to a stack and its resources, one line each: what DescribeStackEvents tells. */
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import type { Context } from '../service.ts';
import type { Stack } from './state.ts';

/** The type under which a stack tells of itself. */
const STACK = 'AWS::CloudFormation::Stack';

export interface Happening {
  readonly status: string;
  readonly reason?: string | undefined;
}

/** Of a resource; `ref` is not known before it is made. */
export interface ResourceHappening extends Happening {
  readonly logicalId: string;
  readonly type: string;
  readonly ref?: string | undefined;
  readonly properties?: unknown;
}

type Teller = Pick<Context, 'now' | 'dice'>;

export function tellResource(stack: Stack, { now }: Teller, happening: ResourceHappening): void {
  const { logicalId, type, ref = '', properties, status, reason } = happening;
  stack.events.push({
    // The position makes it unique: here, more than one thing happens in a millisecond.
    EventId: `${logicalId}-${status}-${new Date(now).toISOString()}-${stack.events.length}`,
    ...of(stack, now),
    LogicalResourceId: logicalId,
    PhysicalResourceId: ref,
    ResourceType: type,
    ResourceStatus: status as StackEvent['ResourceStatus'],
    ...(reason === undefined ? {} : { ResourceStatusReason: reason }),
    ...(properties === undefined ? {} : { ResourceProperties: JSON.stringify(properties) }),
  });
}

export function tellStack(stack: Stack, { now, dice }: Teller, { status, reason }: Happening): void {
  stack.events.push({
    EventId: dice.uuid('cloudformation', 'event', stack.id),
    ...of(stack, now),
    LogicalResourceId: stack.name,
    PhysicalResourceId: stack.id,
    ResourceType: STACK,
    ResourceStatus: status as StackEvent['ResourceStatus'],
    ...(reason === undefined ? {} : { ResourceStatusReason: reason }),
  });
}

const of = (stack: Stack, now: number) => ({
  StackId: stack.id,
  StackName: stack.name,
  Timestamp: new Date(now),
  ...(stack.token === undefined ? {} : { ClientRequestToken: stack.token }),
});
