/** What an event source mapping of a queue must observe. */
import type { GetQueueAttributesResult } from '@aws-sdk/client-sqs';
import { type Context, isServiceError, ServiceError } from '../service.ts';
import { asLambda, pollerPrincipal } from './acting.ts';
import { invalid, queueUrl } from './names.ts';
import type { EventSourceMapping, Version } from './state.ts';

type Settings = Pick<EventSourceMapping, 'batchSize' | 'windowSeconds' | 'maximumConcurrency' | 'responseTypes'>;

/** @throws ServiceError where AWS refuses the settings (Developer Guide, "Lambda parameters for Amazon SQS event source mappings") */
export function checkMapping(queueArn: string, settings: Settings): void {
  const { batchSize, windowSeconds, maximumConcurrency, responseTypes } = settings;
  const fifo = queueArn.endsWith('.fifo');
  const most = fifo ? 10 : 10_000;
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > most) {
    throw invalid(
      `Batch size must be between 1 and ${most} for ${fifo ? 'FIFO' : 'standard'} queues, not ${batchSize}.`,
    );
  }
  if (fifo && windowSeconds > 0) throw invalid('Batching window is not supported for FIFO queues.');
  if (windowSeconds < 0 || windowSeconds > 300) {
    throw invalid(`MaximumBatchingWindowInSeconds must be between 0 and 300, not ${windowSeconds}.`);
  }
  if (batchSize > 10 && windowSeconds === 0) {
    throw invalid('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
  }
  if (maximumConcurrency !== undefined && (maximumConcurrency < 2 || maximumConcurrency > 1000)) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${maximumConcurrency}' at 'scalingConfig.maximumConcurrency' failed to satisfy constraint: Member must have value ${
        maximumConcurrency < 2 ? 'greater than or equal to 2' : 'less than or equal to 1000'
      }`,
    );
  }
  const unknown = responseTypes.find((type) => type !== 'ReportBatchItemFailures');
  if (unknown !== undefined)
    throw invalid(`Unsupported function response type ${unknown}; it must be ReportBatchItemFailures.`);
}

/**
 * Looks at the queue in the name of the function's role, as a poller will.
 * @throws ServiceError `InvalidParameterValueException` where there is no such queue, the role may not read it, or its
 * visibility timeout is shorter than the function's timeout
 */
export function checkQueue(context: Context, mapping: EventSourceMapping, version: Version): void {
  const timeout = version.timeoutSeconds;
  const visibility = Number(visibilityTimeout(context, mapping, version.role) ?? timeout);
  if (visibility >= timeout) return;
  throw invalid(`Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds`);
}

function visibilityTimeout(context: Context, mapping: EventSourceMapping, role: string): string | undefined {
  const { queueArn, uuid } = mapping;
  try {
    const { Attributes } = asLambda(context).call<GetQueueAttributesResult>({
      service: 'sqs',
      action: 'GetQueueAttributes',
      input: {
        QueueUrl: queueUrl(context, queueArn),
        AttributeNames: ['VisibilityTimeout'],
      },
      as: pollerPrincipal(context, role, uuid),
    });
    return Attributes?.VisibilityTimeout;
  } catch (error) {
    if (!isServiceError(error)) throw error;
    if (/NonExistentQueue|QueueDoesNotExist/.test(error.code)) {
      throw invalid(
        'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
      );
    }
    throw invalid(
      `The function execution role does not have permissions to call GetQueueAttributes on SQS (${error.message})`,
    );
  }
}
