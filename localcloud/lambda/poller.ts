/**
 * The poller of an event source mapping: receives under the function's role, invokes the function with what it received,
 * deletes what succeeded. What failed stays in the queue until its visibility timeout is over. Concurrency by message
 * group is the queue's doing: it hands out nothing of a group that is in flight.
 */
import type { Message, ReceiveMessageResult } from '@aws-sdk/client-sqs';
import { type Action, type Context, isServiceError } from '../service.ts';
import { accept } from './accept.ts';
import { asLambda, pollerPrincipal } from './acting.ts';
import { deleteMessages, succeededOf } from './batch-end.ts';
import { queueName, queueUrl, versionOf } from './names.ts';
import { drawVersion } from './routing.ts';
import { sqsEvent } from './sqs-event.ts';
import type { EventSourceMapping, Lambda, LambdaFunction, Origin, Version } from './state.ts';

export interface Poll {
  readonly mapping: string;
  readonly generation: number;
}

/** Sends a poller out, unless one is out or the mapping is off. */
export function startPolling(context: Context, mapping: EventSourceMapping): void {
  if (mapping.polling || !mapping.enabled) return;
  mapping.polling = true;
  pollAt(context, mapping, context.now);
}

/** Calls the poller back: it finds that the mapping's generation is no longer its own. What it has in hand is worked off. */
export function stopPolling(mapping: EventSourceMapping): void {
  mapping.generation++;
  mapping.polling = false;
  mapping.gathered = [];
}

function pollAt(context: Context, { uuid, generation }: EventSourceMapping, when: number): undefined {
  context.later(when, 'Poll', { mapping: uuid, generation } satisfies Poll);
}

/** One look into the queue: what is there becomes an invocation, and the poller looks again; if nothing is, it waits for the queue to wake it. */
export const poll: Action<Lambda, Poll> = (input, state, outer) => {
  const context = asLambda(outer);
  const mapping = state.mappings.get(input.mapping);
  if (!mapping?.enabled || mapping.generation !== input.generation) return undefined;
  const target = targetOf(state, mapping);
  if (target === undefined) return waitAfterRefusal(context, mapping, 'PROBLEM: The function does not exist');
  // A batch that nobody can work on would only burn its visibility timeout: so never more batches than environments.
  const limit = Math.min(mapping.maximumConcurrency ?? Number.POSITIVE_INFINITY, state.environmentsPerFunction);
  if (mapping.inFlight >= limit) {
    mapping.polling = false;
    return undefined;
  }
  try {
    if (!context.memo.held) gather(context, mapping, target.version.role);
  } catch (error) {
    if (!isServiceError(error)) throw error;
    return waitAfterRefusal(context, mapping, `PROBLEM: ${error.message}`);
  }
  const key = `sqs:${queueName(mapping.queueArn)}`;
  if (mapping.gathered.length === 0) return context.park(key, Number.POSITIVE_INFINITY);
  if (context.now < mapping.heldUntil) {
    context.memo.held = true;
    return context.park(`${key} held`, mapping.heldUntil);
  }
  const open = mapping.gathered.length < mapping.batchSize && context.now < mapping.gatherUntil;
  if (open) return context.park(key, mapping.gatherUntil);
  return hand(state, context, { mapping, target });
};

interface Target {
  readonly found: LambdaFunction;
  readonly version: Version;
}

function targetOf(state: Lambda, mapping: EventSourceMapping): Target | undefined {
  const found = state.functions.get(mapping.functionName);
  const version = found && versionOf(found, mapping.qualifier);
  return version && { found, version };
}

/** A refusal is tried again after 1 s, 2 s, 4 s … up to a minute. */
function waitAfterRefusal(context: Context, mapping: EventSourceMapping, problem: string): undefined {
  mapping.lastResult = problem;
  pollAt(context, mapping, context.now + Math.min(1000 * 2 ** mapping.failures++, 60_000));
}

/** Receives until the batch is full or the queue has no more; one call gives ten messages at most. */
function gather(context: Context, mapping: EventSourceMapping, role: string): void {
  while (mapping.gathered.length < mapping.batchSize) {
    const asked = Math.min(10, mapping.batchSize - mapping.gathered.length);
    const { Messages: messages = [] } = context.call<ReceiveMessageResult>({
      service: 'sqs',
      action: 'ReceiveMessage',
      input: {
        QueueUrl: queueUrl(context, mapping.queueArn),
        MaxNumberOfMessages: asked,
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      },
      as: pollerPrincipal(context, role, mapping.uuid),
    });
    if (messages.length === 0) return;
    if (mapping.gathered.length === 0) mapping.gatherUntil = context.now + 1000 * mapping.windowSeconds;
    mapping.gathered.push(...messages);
    // Without a window, a batch is what one call gave.
    if (mapping.windowSeconds === 0) return;
  }
}

/** Invokes the function with what was gathered. A throttled batch is left to its visibility timeout. */
function hand(state: Lambda, context: Context, to: { mapping: EventSourceMapping; target: Target }): undefined {
  const { mapping, target } = to;
  const messages = mapping.gathered.splice(0) as Message[];
  const origin: Origin = {
    kind: 'queue',
    mapping: mapping.uuid,
    records: messages.map((one) => ({ messageId: one.MessageId!, receiptHandle: one.ReceiptHandle! })),
  };
  const payload = sqsEvent(messages, mapping.queueArn, context.region);
  mapping.inFlight++;
  // Drawn for the batch: of an alias that stands for two versions, its message group may see both, in turn.
  const version = drawVersion(target.found, mapping.qualifier, context) ?? target.version;
  const accepted = accept(state, context, { ...target, version, qualifier: mapping.qualifier, payload, origin });
  if (accepted !== undefined) {
    mapping.failures = 0;
    return pollAt(context, mapping, context.now);
  }
  mapping.inFlight--;
  return waitAfterRefusal(context, mapping, 'PROBLEM: Function throttled');
}

/** The invocation of a batch has ended; `payload` is undefined when it failed. */
export function endBatch(
  state: Lambda,
  context: Context,
  ended: { origin: Extract<Origin, { kind: 'queue' }>; requestId: string; payload: string | undefined },
): void {
  const { origin, requestId, payload } = ended;
  const mapping = state.mappings.get(origin.mapping);
  if (!mapping) return;
  mapping.inFlight--;
  const target = targetOf(state, mapping);
  if (payload !== undefined && target) {
    const done = succeededOf(context, mapping, { origin, requestId, payload });
    deleteMessages(context, mapping, { done, requestId, role: target.version.role });
  }
  mapping.lastResult = payload === undefined ? 'PROBLEM: Function call failed' : 'OK';
  startPolling(context, mapping);
}
