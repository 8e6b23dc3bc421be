/** Who makes a call, as faults distinguish: a function, its poller, the bus, or a client elsewhere. */
import type { Call } from '../service.ts';

/**
 * `function`: the code of a function. `poller`: Lambda's, of an event source mapping. `bus`: EventBridge, delivering.
 * `client`: whoever calls under another role. `inner`: a service that calls another in its caller's name or its own.
 * `operator`: the administrator, whom no fault concerns.
 */
export type Caller = 'function' | 'poller' | 'bus' | 'client' | 'inner' | 'operator';

/** Services that others call in a caller's name. */
const behind: ReadonlySet<string> = new Set(['kms', 'logs', 'monitoring', 'sts']);

export function callerOf({ principal, service, invocation }: Call): Caller {
  if (principal.kind === 'admin') return 'operator';
  if (behind.has(service)) return 'inner';
  if (principal.kind === 'service') return principal.service === 'events.amazonaws.com' ? 'bus' : 'inner';
  if (principal.session.startsWith('awslambda_')) return 'poller';
  return invocation === undefined ? 'client' : 'function';
}

/** Where a call comes from, or, where it is the cloud itself that calls, goes to. */
export function whereOf(call: Call, caller: Caller): string {
  const { principal } = call;
  if (principal.kind === 'role' && (caller === 'function' || caller === 'client' || caller === 'inner')) {
    return functionOf(principal.session);
  }
  return targetOf(call);
}

/** An environment's session is named after its function: `function.12345678`. */
export const functionOf = (environment: string): string => environment.replace(/\.[0-9a-f]{8}$/, '');

function targetOf({ input, service }: Call): string {
  const { QueueUrl, Entries, TopicArn } = Object(input) as {
    QueueUrl?: string;
    TopicArn?: string;
    Entries?: readonly { EventBusName?: string }[];
  };
  const name = QueueUrl ?? TopicArn ?? Entries?.[0]?.EventBusName;
  return name === undefined ? service : name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf(':')) + 1);
}
