import { ServiceError } from '../../service.ts';
import type { Properties, ResourceContext, ResourceType, Standing } from '../resource-type.ts';
import { documentText, tagChanges, tagMap } from './properties.ts';

/** Attributes that CloudFormation sets, and what each is again when its property is removed (SQS API reference, SetQueueAttributes). */
const DEFAULTS: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  DelaySeconds: '0',
  FifoThroughputLimit: 'perQueue',
  KmsDataKeyReusePeriodSeconds: '300',
  KmsMasterKeyId: '',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  RedriveAllowPolicy: '',
  RedrivePolicy: '',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};

const textOf = (value: unknown): string => (typeof value === 'object' ? documentText(value) : String(value));

const attributesOf = (properties: Properties): Record<string, string> =>
  Object.fromEntries(
    ['FifoQueue', ...Object.keys(DEFAULTS)].flatMap((name) =>
      // A queue that is not FIFO must not say so: SQS refuses FifoQueue=false ("Unknown Attribute FifoQueue").
      properties[name] === undefined || (name === 'FifoQueue' && String(properties[name]) === 'false')
        ? []
        : [[name, textOf(properties[name])]],
    ),
  );

const standing = (url: string, { region, account }: ResourceContext): Standing => {
  const name = url.slice(url.lastIndexOf('/') + 1);
  return {
    ref: url,
    attributes: { Arn: `arn:aws:sqs:${region}:${account}:${name}`, QueueName: name, QueueUrl: url },
  };
};

/**
 * CreateQueue gives a queue that is there already where its attributes are the same; CloudFormation does not take it over.
 * @throws ServiceError `AlreadyExists`
 */
function refuseExisting(name: string, context: ResourceContext): void {
  const { QueueUrls = [] } = context.call('sqs', 'ListQueues', { QueueNamePrefix: name });
  if (!QueueUrls.some((url: string) => url.endsWith(`/${name}`))) return;
  throw new ServiceError(
    'AlreadyExists',
    `Resource of type 'AWS::SQS::Queue' with identifier '${name}' already exists.`,
  );
}

/** `Ref` is the URL of the queue. */
export const sqsQueue: ResourceType = {
  type: 'AWS::SQS::Queue',
  properties: ['QueueName', 'FifoQueue', ...Object.keys(DEFAULTS), 'Tags'],
  attributes: ['Arn', 'QueueName', 'QueueUrl'],
  replacement: ['QueueName', 'FifoQueue'],
  named: 'QueueName',
  create(properties, context) {
    const isFifo = String(properties.FifoQueue) === 'true';
    if (properties.QueueName !== undefined) refuseExisting(properties.QueueName, context);
    const { QueueUrl } = context.call('sqs', 'CreateQueue', {
      QueueName: properties.QueueName ?? context.name({ maximum: 80, suffix: isFifo ? '.fifo' : '' }),
      Attributes: attributesOf(properties),
      ...(properties.Tags ? { tags: tagMap(properties.Tags) } : {}),
    });
    return standing(QueueUrl, context);
  },
  update(properties, { ref: QueueUrl, properties: before }, context) {
    const after = attributesOf(properties);
    const Attributes: Record<string, string> = {};
    for (const [name, value] of Object.entries({ ...attributesOf(before), ...after })) {
      if (name === 'FifoQueue') continue;
      Attributes[name] = after[name] === undefined ? DEFAULTS[name]! : value;
    }
    // SQS refuses a change of nothing, which is what a change of tags would be.
    if (Object.keys(Attributes).length > 0) context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
    const { gone, put } = tagChanges(before.Tags, properties.Tags);
    if (gone.length > 0) context.call('sqs', 'UntagQueue', { QueueUrl, TagKeys: gone });
    if (put.length > 0) context.call('sqs', 'TagQueue', { QueueUrl, Tags: tagMap(put) });
    return standing(QueueUrl, context);
  },
  remove: ({ ref: QueueUrl }, context) => void context.call('sqs', 'DeleteQueue', { QueueUrl }),
};
