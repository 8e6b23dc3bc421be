/** An operator's desk: a bank with one stage on the workbench, with the queues that its letters lie in. */
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { event } from '../../../lib/model/event.ts';
import { DECLARED, names } from '../../../lib/model/names.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { declaredValues } from '../../../lib/model/settings.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { table } from '../../../lib/model/uses.ts';
import { createTarget, type Target } from '../../../lib/operate/target.ts';
import { administrator } from '../../../localcloud/cloud.ts';
import type { Service } from '../../../localcloud/service.ts';
import { deployment, eventOf, type Workbench, workbench } from '../runtime/workbench.ts';

const schema = v.object({ account: v.string() });
export const opened = event('account.opened', { schema, entity: ({ account }) => account });
export const filed = event('account.filed', { schema, entity: ({ account }) => account });
export const open = stage('open', {
  accepts: [opened],
  emits: [filed],
  uses: { files: table<object>('files').to('add') },
});
export const close = stage('close', { accepts: [filed] });
export const bank = pipeline('bank', { entries: [opened], stages: [open, close], exits: [] });
export const handle: Handler<typeof open> = ({ id, data }, { files }) => {
  files.add(id, {});
  return [filed(data)];
};

export const queue = names.queue(deployment, 'open');
export const deadLetters = names.deadLetters(deployment, 'open');
export const inbox = names.inbox(deployment, 'open');
export const inboxDeadLetters = names.inboxDeadLetters(deployment, 'open');
export const quarantine = names.quarantine(deployment);

interface More {
  readonly group?: string;
  /** Default: one made from the body. */
  readonly deduplicationId?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface Desk {
  readonly bench: Workbench;
  readonly target: Target;
  /** Puts a message into a queue. */
  put(queueName: string, body: string, more?: More): Promise<string>;
  /** Dead-letters an event as its stage does. */
  giveUp(one: CloudEvent, reason?: string): Promise<string>;
  /** What a queue holds, hidden ones not counted. */
  depth(queueName: string): Promise<number>;
  /** Takes messages out of a queue, hidden for a second. */
  receive(queueName: string): Promise<any[]>;
}

export async function desk({ services = [] }: { services?: readonly Service[] } = {}): Promise<Desk> {
  const bench = await workbench({
    stage: 'open',
    tables: ['files'],
    services,
    listeners: { 'account.filed': ['close'] },
  });
  const region = 'eu-west-1';
  const create = (QueueName: string, fifo: boolean) =>
    bench.cloud.request({
      service: 'sqs',
      action: 'CreateQueue',
      region,
      principal: administrator,
      input: { QueueName, ...(fifo ? { Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' } } : {}) },
    });
  for (const name of [
    inbox,
    inboxDeadLetters,
    names.inbox(deployment, 'close'),
    names.inboxDeadLetters(deployment, 'close'),
  ])
    await create(name, false);
  for (const name of [names.queue(deployment, 'close'), names.deadLetters(deployment, 'close')])
    await create(name, true);
  for (const name of [names.undelivered(deployment), names.busUndelivered(deployment)]) await create(name, false);

  const Name = `${names.settings(deployment, 'open')}/${DECLARED}`;
  const declared = { Name, Value: JSON.stringify(declaredValues(open)), Overwrite: true };
  await bench.cloud.request({
    service: 'ssm',
    action: 'PutParameter',
    region,
    principal: administrator,
    input: declared,
  });

  const target = createTarget({ pipeline: bank, deployment, region, endpoint: process.env.AWS_ENDPOINT_URL });
  const url = (name: string) => `${process.env.AWS_ENDPOINT_URL}/123456789012/${name}`;
  const put: Desk['put'] = async (name, body, { group, deduplicationId, attributes = {} } = {}) => {
    const { MessageId } = await target.sqs.send(
      new SendMessageCommand({
        QueueUrl: url(name),
        MessageBody: body,
        ...(group === undefined ? {} : { MessageGroupId: group }),
        ...(deduplicationId === undefined ? {} : { MessageDeduplicationId: deduplicationId }),
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([key, StringValue]) => [key, { DataType: 'String', StringValue }]),
        ),
      }),
    );
    return MessageId!;
  };
  return {
    bench,
    target,
    put,
    giveUp: (one, reason = 'rejected') =>
      put(deadLetters, JSON.stringify(one), {
        group: one.partitionkey,
        attributes: { reason, detail: 'no', stage: 'open', redrive: '1' },
      }),
    async depth(name) {
      const { Attributes } = await target.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url(name), AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      return Number(Attributes!.ApproximateNumberOfMessages);
    },
    async receive(name) {
      const { Messages = [] } = await target.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: url(name),
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 1,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      );
      return Messages;
    },
  };
}

export const accountEvent = (id: string, account = 'a', more: Partial<CloudEvent> = {}): CloudEvent => ({
  ...eventOf(opened, id, opened({ account })),
  ...more,
});
