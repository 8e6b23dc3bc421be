/** Amazon SQS: standard and FIFO queues. */
import type { Service } from '../service.ts';
import { changeMessageVisibility, changeMessageVisibilityBatch } from './change-message-visibility.ts';
import { createQueue } from './create-queue.ts';
import { deleteMessage, deleteMessageBatch } from './delete-message.ts';
import { deleteQueue, purgeQueue } from './delete-queue.ts';
import { getQueueUrl, listDeadLetterSourceQueues, listQueues } from './list-queues.ts';
import { cancelMessageMoveTask, listMessageMoveTasks, startMessageMoveTask } from './message-move-tasks.ts';
import { moveStep } from './move-task.ts';
import { addPermission, removePermission } from './permissions.ts';
import { publishMetrics } from './publish-metrics.ts';
import { settleStep } from './queue.ts';
import { getQueueAttributes, setQueueAttributes } from './queue-attributes.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage } from './send-message.ts';
import { sendMessageBatch } from './send-message-batch.ts';
import { createQueues, type Queues } from './state.ts';
import { listQueueTags, tagQueue, untagQueue } from './tags.ts';

export const sqs: Service<Queues> = {
  name: 'sqs',
  create: createQueues,
  actions: {
    AddPermission: addPermission,
    CancelMessageMoveTask: cancelMessageMoveTask,
    ChangeMessageVisibility: changeMessageVisibility,
    ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
    CreateQueue: createQueue,
    DeleteMessage: deleteMessage,
    DeleteMessageBatch: deleteMessageBatch,
    DeleteQueue: deleteQueue,
    GetQueueAttributes: getQueueAttributes,
    GetQueueUrl: getQueueUrl,
    ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
    ListMessageMoveTasks: listMessageMoveTasks,
    ListQueues: listQueues,
    ListQueueTags: listQueueTags,
    PurgeQueue: purgeQueue,
    ReceiveMessage: receiveMessage,
    RemovePermission: removePermission,
    SendMessage: sendMessage,
    SendMessageBatch: sendMessageBatch,
    SetQueueAttributes: setQueueAttributes,
    StartMessageMoveTask: startMessageMoveTask,
    TagQueue: tagQueue,
    UntagQueue: untagQueue,
  },
  internal: {
    MoveMessages: moveStep,
    PublishMetrics: publishMetrics,
    Settle: settleStep,
  },
};
