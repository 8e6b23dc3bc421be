/** The sequencer in one region: one function that reads every inbox and fills every stage's FIFO queue. */
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { names } from '../model/names.ts';
import { sequencerPermissions } from '../model/permissions.ts';
import { pascalCase } from './construct-id.ts';
import { eventSource } from './event-source.ts';
import { acknowledgeFunction } from './function-findings.ts';
import { PipelineFunction } from './pipeline-function.ts';
import type { Yard } from './queues.ts';

export const sequencer = {
  /** It checks ten events and sends them in rounds: tens of milliseconds, unless SQS is slow. */
  timeoutSeconds: 10,
  memoryMb: 512,
  /** It quarantines what it refuses, so only an outage of SQS or KMS makes it fail: ten receives, a minute apart, outlast a short one. */
  attempts: 10,
  /** Instances for each inbox; five of them hand on about a thousand events a second. */
  concurrency: 5,
} as const;

export interface SequencerOptions {
  readonly inboxes: ReadonlyMap<string, Queue>;
  readonly bundles: string;
}

export class SequencerResources extends Construct {
  readonly function: PipelineFunction;

  constructor(yard: Yard, id: string, { inboxes, bundles }: SequencerOptions) {
    super(yard.scope, id);
    const { place } = yard;
    this.function = new PipelineFunction(
      { ...yard, scope: this },
      {
        who: 'sequencer',
        functionName: names.sequencer(place.deployment),
        description: 'From every inbox to the FIFO queue of its stage, grouped by entity',
        permissions: sequencerPermissions(place.pipeline),
        timeoutSeconds: sequencer.timeoutSeconds,
        memoryMb: sequencer.memoryMb,
        concurrency: sequencer.concurrency * inboxes.size,
        bundles,
      },
    );
    acknowledgeFunction(this.function, 'sequencer', place);
    for (const [stage, queue] of inboxes) {
      const { concurrency } = sequencer;
      eventSource(this, `${pascalCase(stage)}InboxToSequencer`, { place, queue, function: this.function, concurrency });
    }
  }
}
