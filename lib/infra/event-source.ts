/** What feeds a function from a queue. */
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { names } from '../model/names.ts';
import { acknowledge } from './acknowledge.ts';
import type { PipelineFunction } from './pipeline-function.ts';
import type { Place } from './place.ts';

export interface EventSourceOptions {
  readonly place: Place;
  readonly queue: Queue;
  readonly function: PipelineFunction;
  /** Instances at most, 2 to 1,000. */
  readonly concurrency: number;
}

/**
 * L1, because the L2 lets the function decrypt by any way. Never a filter: Lambda deletes what one rejects. Disabled in
 * the standby region, where nothing fills the queue either. The alias is named rather than referred to: a template can then
 * be read, and says which function is fed.
 */
export function eventSource(scope: Construct, id: string, options: EventSourceOptions): CfnEventSourceMapping {
  const { function: fn } = options;
  const mapping = new CfnEventSourceMapping(scope, id, {
    eventSourceArn: options.queue.queueArn,
    functionName: names.live(fn.function.functionName!),
    enabled: options.place.active,
    batchSize: 10,
    functionResponseTypes: ['ReportBatchItemFailures'],
    scalingConfig: { maximumConcurrency: options.concurrency },
  });
  mapping.node.addDependency(fn.live!);
  acknowledge(mapping, 'LambdaEventSourceMappingDestination', {
    of: ['serverless'],
    because:
      'On-failure destinations are for streams. What a queue’s function cannot do goes to the queue’s own dead-letter queue.',
  });
  return mapping;
}
