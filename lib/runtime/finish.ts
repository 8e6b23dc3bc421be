/**
 * What follows the commit: the events are sent, dead letters go to their queue, and to its own a stage sends word of what
 * is still to be released. Whatever cannot be sent now is reported failed; its redelivery finds the record completed and
 * sends the same again.
 */
import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import type { CloudEvent } from '../model/envelope.ts';
import { names } from '../model/names.ts';
import type { Clients } from './clients.ts';
import { backOff } from './clock.ts';
import { comesBackAfter } from './come-back.ts';
import type { Delivery } from './delivery.ts';
import { type Environment, queueUrl } from './environment.ts';
import { lettersOf, sendLetters } from './letters.ts';
import { functionLog } from './log.ts';
import { sendEvents } from './send-events.ts';
import { sendMessages } from './send-messages.ts';
import type { Settled } from './settled.ts';

export interface Finishing {
  readonly stage: string;
  readonly environment: Environment;
  readonly clients: Clients;
}

/** Sends what the settled deliveries decided. Returns, for each delivery, why it is not done yet, if it is not. */
export async function finish(
  deliveries: readonly Delivery[],
  settled: readonly Settled[],
  { stage, environment, clients }: Finishing,
): Promise<readonly unknown[]> {
  const errors = settled.map((outcome): unknown => (outcome.done ? undefined : outcome.error));

  const outcomes = settled.flatMap((outcome, index) =>
    outcome.done ? outcome.outcomes.map((one) => ({ ...one, index })) : [],
  );
  const events = outcomes.flatMap(({ decision, index }) => decision.events.map((event) => ({ event, index })));
  const { region } = environment;
  const letters = lettersOf(outcomes, { stage, region });
  const words = settled.flatMap((one, index) => (one.done && one.goOn ? [wordOf(one.goOn, index)] : []));

  const bus = names.bus(environment.deployment);
  const dlq = queueUrl(environment, names.deadLetters(environment.deployment, stage));
  const [refused, unsent, unspoken] = await Promise.allSettled([
    sendEvents(
      { client: clients.events, bus },
      events.map(({ event }) => event),
    ),
    sendLetters(letters, { ...clients, dlq, region, table: names.records(environment.deployment) }),
    sendMessages(clients.sqs, queueUrl(environment, names.queue(environment.deployment, stage)), words),
  ]);

  if (refused.status === 'rejected') for (const { index } of events) errors[index] ??= refused.reason;
  else {
    for (const { event, code, message } of refused.value) {
      const { index } = events.find((one) => one.event === event)!;
      errors[index] ??= new Error(`the bus did not take ${event.type}: ${code}: ${message}`);
    }
  }
  if (unsent.status === 'rejected') for (const { index } of letters) errors[index] ??= unsent.reason;
  else for (const { index, error } of unsent.value) errors[index] ??= error;
  if (unspoken.status === 'rejected') for (const { index } of words) errors[index] ??= unspoken.reason;
  else {
    for (const { message, code, reason } of unspoken.value)
      errors[message.index] ??= new Error(
        `the stage's queue did not take ${message.deduplicationId}: ${code}: ${reason}`,
      );
  }

  return withLaterOnes(deliveries, errors);
}

/** A stage's word to itself, as a message in the name of the entity. */
const wordOf = (word: CloudEvent, index: number) => ({
  index,
  body: JSON.stringify(word),
  group: word.partitionkey,
  deduplicationId: word.id,
});

/** All later messages of a failed one's group fail with it, even if they are completed: they will be sent again in order. */
function withLaterOnes(deliveries: readonly Delivery[], errors: readonly unknown[]): readonly unknown[] {
  const failing = new Map<string, unknown>();
  return deliveries.map(({ group }, index) => {
    if (errors[index] !== undefined) failing.set(group, errors[index]);
    return failing.get(group);
  });
}

/**
 * Brings failed messages back sooner than the visibility timeout would: after 1 s, 2 s, 4 s … with jitter, a group's all
 * at once; or when the error says, which may be later. Only a courtesy: where it fails, the timeout brings them back.
 */
export async function comeBackSooner(
  failed: readonly { readonly delivery: Delivery; readonly error: unknown }[],
  { stage, environment, clients }: Finishing,
): Promise<void> {
  if (failed.length === 0) return;
  const delays = new Map<string, number>();
  for (const { delivery, error } of failed) {
    const { group, receives } = delivery;
    const delay = comesBackAfter(error) ?? backOff(receives, { base: 1000, most: 60_000 });
    // The head of a group says it for those behind it.
    if (!delays.has(group)) delays.set(group, Math.ceil(delay / 1000));
  }
  try {
    await clients.sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl(environment, names.queue(environment.deployment, stage)),
        Entries: failed.map(({ delivery: { receiptHandle, group } }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: delays.get(group)!,
        })),
      }),
    );
  } catch (error) {
    functionLog.warn('failed messages will come back at their visibility timeout', { error: error as Error });
  }
}
