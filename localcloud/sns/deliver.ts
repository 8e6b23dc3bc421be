/** The delivery of a notification to one queue. */
import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { type Action, type Context, isServiceError, type ServiceError } from '../service.ts';
import type { Subscription, Topics } from './state.ts';

export interface Notification {
  readonly id: string;
  readonly topic: string;
  readonly text: string;
  readonly subject?: string;
  readonly attributes?: Readonly<Record<string, MessageAttributeValue>>;
  readonly publishedAt: number;
}

interface Delivery {
  readonly notification: Notification;
  readonly subscription: string;
  /** How many attempts there were before this one. */
  readonly attempt: number;
}

/** Internal step: one attempt. Errors of the queue's side are tried again; a refusal is final (SNS developer guide, "Message delivery retries"). */
export const deliver: Action<Topics, Delivery, void> = (delivery, state, context) => {
  const { notification, attempt } = delivery;
  const subscription = state.topics.get(notification.topic)?.subscriptions.get(delivery.subscription);
  if (!subscription) return;
  try {
    send(notification, subscription, context);
  } catch (error) {
    if (!isServiceError(error)) throw error;
    if (mayPass(error)) {
      context.later(context.now + wait(attempt), 'deliver', { ...delivery, attempt: attempt + 1 });
      return;
    }
    context.note('NotificationDropped', {
      topic: notification.topic,
      endpoint: subscription.endpoint,
      messageId: notification.id,
      message: notification.text,
      code: error.code,
      reason: error.message,
    });
  }
};

const mayPass = ({ status, code }: ServiceError): boolean =>
  status === 429 || (status >= 500 && status !== 501) || /Throttl|TooManyRequests/.test(code);

/** Milliseconds: three attempts at once, two a second apart, ten up to 20 seconds, then every 20 seconds for 23 days, which is for ever here. */
function wait(attempt: number): number {
  if (attempt < 3) return 10;
  return 1000 * (attempt < 5 ? 1 : Math.min(20, 2 * (attempt - 4)));
}

function send(notification: Notification, subscription: Subscription, context: Context): void {
  const [, , , region, account, name] = subscription.endpoint.split(':');
  context.call({
    service: 'sqs',
    action: 'SendMessage',
    region: region!,
    input: {
      QueueUrl: `${context.endpoint}/${account}/${name}`,
      ...(subscription.raw ? raw(notification) : { MessageBody: envelope(notification, subscription, context) }),
    },
    as: { kind: 'service', account: context.account, service: 'sns.amazonaws.com', sourceArn: notification.topic },
  });
}

const raw = ({ text, attributes }: Notification) => ({
  MessageBody: text,
  ...(attributes === undefined ? {} : { MessageAttributes: attributes }),
});

/** The JSON that SNS wraps a message in. It is not signed: there is no certificate of Amazon's here. */
function envelope(notification: Notification, subscription: Subscription, context: Context): string {
  const { subject, attributes = {} } = notification;
  const shown = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64') },
  ]);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: notification.id,
    TopicArn: notification.topic,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: notification.text,
    Timestamp: new Date(notification.publishedAt).toISOString(),
    SignatureVersion: '1',
    Signature: '',
    SigningCertURL: '',
    UnsubscribeURL: `${context.endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(shown.length === 0 ? {} : { MessageAttributes: Object.fromEntries(shown) }),
  });
}
