/** Places that several faults have in common. */
import type { Cloud } from '../cloud.ts';
import type { EventSourceMapping, Lambda } from '../lambda/state.ts';
import type { Call } from '../service.ts';
import { functionOf } from './caller.ts';
import type { Fault, Place } from './fault.ts';

type Calls = NonNullable<Fault['calls']>;

/** Any call that the code of a function makes. */
export const byFunction: Calls = (caller) => caller === 'function';

/** Any call over the network: of functions and of clients outside. */
export const overNetwork: Calls = (caller) => caller === 'function' || caller === 'client';

/** A call of the pollers of event source mappings. */
export const polling =
  (wanted: string): Calls =>
  (caller, { action }) =>
    caller === 'poller' && action === wanted;

/** A delivery of EventBridge to a queue or to another bus. */
export const delivering: Calls = (caller, { action }) =>
  caller === 'bus' && (action === 'SendMessage' || action === 'PutEvents');

/** The mapping for which a poller calls. */
export function mappingOfPoller({ principal, region }: Call, cloud: Cloud): EventSourceMapping | undefined {
  const session = principal.kind === 'role' ? principal.session : '';
  return cloud.state<Lambda>('lambda', region).mappings.get(session.replace('awslambda_', ''));
}

/** The queue that a step of a poller is about. */
export function queuePolled({ region, input }: Call, cloud: Cloud): Place | undefined {
  const mapping = cloud.state<Lambda>('lambda', region).mappings.get((input as { mapping: string }).mapping);
  return mapping && { where: nameOf(mapping.queueArn) };
}

const environmentOf = ({ input }: Call): Place => ({
  where: functionOf((input as { environment: string }).environment),
});

/** The function whose environment has started. */
export const functionStarting = environmentOf;
/** The function whose invocation has ended. */
export const functionEnding = environmentOf;

/** The last part of an ARN or of a queue's URL. */
export const nameOf = (arn: string): string => arn.slice(Math.max(arn.lastIndexOf(':'), arn.lastIndexOf('/')) + 1);

export const isFifo = (queueUrl: string | undefined): boolean => queueUrl?.endsWith('.fifo') ?? false;
