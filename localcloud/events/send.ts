/** How each kind of target is called, and as whom. */
import type { PutEventsResponse, Target } from '@aws-sdk/client-eventbridge';
import type { Context, Principal } from '../service.ts';
import { asRole } from '../sts/take-on-role.ts';
import type { Delivery } from './deliver.ts';
import { Failure } from './failure.ts';
import { inputFor } from './input.ts';
import { withProvenance } from './provenance.ts';

/**
 * One attempt.
 * @throws ServiceError as the target answers
 * @throws Failure where it is EventBridge itself that refuses
 */
export function send(delivery: Delivery, context: Context): void {
  const service = delivery.target.Arn!.split(':')[2];
  if (service === 'events') {
    sendToBus(delivery, context);
    return;
  }
  const text = inputFor(delivery);
  if (service === 'sns') sendToTopic(delivery, text, context);
  else sendToQueue(delivery, text, context);
}

/** EventBridge as it calls for a rule: what `aws:SourceArn` in queue and key policies is compared with. */
export const asRule = (delivery: Delivery, context: Context): Principal => ({
  kind: 'service',
  account: context.account,
  service: 'events.amazonaws.com',
  sourceArn: delivery.rule.arn,
});

/** The role of the target, if it has one and lets the rule have it; else EventBridge itself. */
const callerFor = (delivery: Delivery, context: Context): Principal => {
  const role = delivery.target.RoleArn;
  const rule = asRule(delivery, context);
  return role === undefined ? rule : asRole(context, { role, session: delivery.rule.name }, rule);
};

export const queueUrl = (arn: string, context: Context): string => {
  const [, , , , account, name] = arn.split(':');
  return `${context.endpoint}/${account}/${name}`;
};

function sendToQueue(delivery: Delivery, text: string, context: Context): void {
  const { target, event } = delivery;
  const trace = event.traceHeader;
  context.call({
    service: 'sqs',
    action: 'SendMessage',
    input: {
      QueueUrl: queueUrl(target.Arn!, context),
      MessageBody: text,
      ...groupOf(target),
      ...(trace ? { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } } } : {}),
    },
    as: callerFor(delivery, context),
  });
}

/** The group is the target's fixed text, whatever it looks like: `$.detail.id` is a group of that name. */
const groupOf = (target: Target) =>
  target.SqsParameters?.MessageGroupId === undefined ? {} : { MessageGroupId: target.SqsParameters.MessageGroupId };

function sendToTopic(delivery: Delivery, text: string, context: Context): void {
  context.call({
    service: 'sns',
    action: 'Publish',
    input: { TopicArn: delivery.target.Arn, Message: text },
    as: callerFor(delivery, context),
  });
}

function sendToBus(delivery: Delivery, context: Context): void {
  const arn = delivery.target.Arn!;
  const { envelope, detail, crossed, handedOn, traceHeader } = delivery.event;
  const region = arn.split(':')[3]!;
  const further = region !== context.region;
  // One hop between regions and one within, in any order; a second of either kind is refused (recorded by radkawar/stackd).
  if (further && crossed) throw new Failure('THIRD_REGION_HOP_DETECTED', 'Unknown exception.');
  if (!further && handedOn) {
    throw new Failure(
      'THIRD_ACCOUNT_HOP_DETECTED',
      'Events received from another event bus cannot be forwarded to this event bus.',
    );
  }
  const entry = {
    EventBusName: arn,
    Source: envelope.source,
    DetailType: envelope['detail-type'],
    Detail: detail,
    Resources: [...envelope.resources],
    ...(further ? {} : { Time: new Date(envelope.time) }),
    ...(traceHeader === undefined ? {} : { TraceHeader: traceHeader }),
  };
  const replayName = envelope['replay-name'];
  withProvenance(entry, {
    id: envelope.id,
    account: envelope.account,
    region: envelope.region,
    crossed: crossed || further,
    handedOn: handedOn || !further,
    further,
    ...(replayName === undefined ? {} : { replayName }),
  });
  const as = callerFor(delivery, context);
  const answer = context.call<PutEventsResponse>({
    service: 'events',
    action: 'PutEvents',
    region,
    input: { Entries: [entry] },
    as,
  });
  const refused = answer.Entries?.find((result) => result.ErrorCode !== undefined);
  if (refused) throw failureOfEntry(refused.ErrorCode!, refused.ErrorMessage ?? '');
}

function failureOfEntry(code: string, message: string): Failure {
  if (/^NotAuthorized|^AccessDenied/.test(code)) return new Failure('NO_PERMISSIONS', message);
  const retriable = code === 'InternalFailure' || code === 'ThrottlingException';
  return new Failure(retriable ? 'INTERNAL_ERROR' : 'SDK_CLIENT_ERROR', `${code}: ${message}`, retriable);
}
