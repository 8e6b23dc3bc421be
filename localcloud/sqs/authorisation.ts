/** What SQS asks of policies (Service Authorization Reference, "Amazon SQS"; SQS Developer Guide, "Key management"). */

import { type KeyProblem, keyNeeds } from '../kms/authorisation.ts';
import type { Asked, Authorisation, Demand, Needs } from '../policy/demand.ts';
import { ServiceError } from '../service.ts';
import type { Queue, Queues } from './state.ts';

const arnOf = ({ region, account }: Asked, name: string): string => `arn:aws:sqs:${region}:${account}:${name}`;
const lastPart = (text: string, separator: string): string => text.slice(text.lastIndexOf(separator) + 1);

const queueNamed = ({ cloud, region }: Asked, name: string): Queue | undefined =>
  cloud.state<Queues>('sqs', region).queues.get(name);

function demand(action: string, name: string, asked: Asked): readonly Demand[] {
  const queue = queueNamed(asked, name);
  // To a service a queue that does not exist is missing and not forbidden: a rule's failure says NO_RESOURCE.
  if (queue === undefined && asked.call.principal.kind === 'service') return [];
  return [{ action: `sqs:${action}`, resource: arnOf(asked, name), policy: queue?.attributes.get('Policy') }];
}

const nameIn = ({ input }: Asked): string => lastPart(String(input.QueueUrl ?? input.QueueName ?? ''), '/');

const on =
  (action: string): Needs =>
  (asked) =>
    demand(action, nameIn(asked), asked);

/** The key of an encrypted queue is used on the caller's part. AWS reuses data keys for some minutes; here every call asks. */
function withKey(name: string, operations: readonly string[], asked: Asked) {
  const key = queueNamed(asked, name)?.attributes.get('KmsMasterKeyId');
  if (key === undefined) return [];
  return keyNeeds(
    { key, operations, via: 'sqs', bound: { 'aws:sqs:arn': arnOf(asked, name) }, refuse: keyError },
    asked,
  );
}

function keyError({ kind, message }: KeyProblem): ServiceError {
  const codes = {
    denied: 'KmsAccessDenied',
    disabled: 'KmsDisabled',
    'pending deletion': 'KmsInvalidState',
    missing: 'KmsNotFound',
  };
  return new ServiceError(codes[kind], message);
}

const send: Needs = (asked) => [
  ...on('SendMessage')(asked),
  ...withKey(nameIn(asked), ['GenerateDataKey', 'Decrypt'], asked),
];
const receive: Needs = (asked) => [...on('ReceiveMessage')(asked), ...withKey(nameIn(asked), ['Decrypt'], asked)];

/** A redrive reads and deletes at its source and sends to its destination (SQS Developer Guide, "Required permissions for DLQ redrive"). */
const redrive =
  (action: string, further: readonly string[]): Needs =>
  (asked) => {
    const source = lastPart(sourceOf(asked.input), ':');
    const target = asked.input.DestinationArn && lastPart(asked.input.DestinationArn, ':');
    return [
      ...[action, ...further].flatMap((name) => demand(name, source, asked)),
      ...(target ? demand('SendMessage', target, asked) : []),
      ...(action === 'StartMessageMoveTask' ? withKey(source, ['Decrypt'], asked) : []),
      ...(target ? withKey(target, ['GenerateDataKey', 'Decrypt'], asked) : []),
    ];
  };

function sourceOf({ SourceArn, TaskHandle }: { SourceArn?: string; TaskHandle?: string }): string {
  try {
    return SourceArn ?? JSON.parse(Buffer.from(TaskHandle ?? '', 'base64').toString()).sourceArn ?? '';
  } catch {
    return '';
  }
}

const consume = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

const named = [
  ...['AddPermission', 'ChangeMessageVisibility', 'CreateQueue', 'DeleteMessage', 'DeleteQueue', 'GetQueueAttributes'],
  ...['GetQueueUrl', 'ListDeadLetterSourceQueues', 'ListQueueTags', 'PurgeQueue', 'RemovePermission'],
  ...['SetQueueAttributes', 'TagQueue', 'UntagQueue'],
];

export const sqsAuthorisation: Authorisation = {
  needs: {
    ...Object.fromEntries(named.map((action) => [action, on(action)])),
    ChangeMessageVisibilityBatch: on('ChangeMessageVisibility'),
    DeleteMessageBatch: on('DeleteMessage'),
    ListQueues: () => [{ action: 'sqs:ListQueues', resource: '*' }],
    ReceiveMessage: receive,
    SendMessage: send,
    SendMessageBatch: send,
    CancelMessageMoveTask: redrive('CancelMessageMoveTask', consume),
    ListMessageMoveTasks: redrive('ListMessageMoveTasks', consume),
    StartMessageMoveTask: redrive('StartMessageMoveTask', consume),
  },
  // SQS writes actions in small letters.
  refuse: (message, { action }) =>
    new ServiceError('AccessDenied', message.replaceAll(action, action.toLowerCase()), { status: 403 }),
};
