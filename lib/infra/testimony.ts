/**
 * Keeps, for an hour, what stages said in the other region. Nothing reads it until that region is lost: then the hand-over
 * does, to know what was decided there. The archive holds the same, but up to ten minutes late.
 */
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { names } from '../model/names.ts';
import { stageSource } from '../model/pipeline.ts';
import { arns } from './arns.ts';
import type { EventBus } from './event-bus.ts';
import { letEventsSend, standardQueue, type Yard } from './queues.ts';

/** As far back as a hand-over replays. All of it is read then, before anything else goes on: longer would take longer. */
const KEPT = Duration.hours(1);

export class Testimony extends Construct {
  constructor(yard: Yard, id: string, { bus, undelivered }: { bus: EventBus; undelivered: Queue }) {
    super(yard.scope, id);
    const { place } = yard;
    const { pipeline, deployment } = place;
    const name = names.testimony(deployment);
    const queue = standardQueue({ ...yard, scope: this }, 'Queue', name, KEPT);
    letEventsSend(place, queue, [arns.rule(place, name)]);
    const speaking = pipeline.stages.filter(({ emits }) => emits.length > 0);
    const rule = new CfnRule(this, 'Rule', {
      name,
      description: `What stages said in ${place.peer}`,
      eventBusName: bus.bus.ref,
      state: 'ENABLED',
      eventPattern: {
        source: speaking.map((stage) => stageSource(pipeline.name, stage.name)),
        region: [place.peer],
        'replay-name': [{ exists: false }],
      },
      targets: [{ id: 'queue', arn: queue.queueArn, deadLetterConfig: { arn: undelivered.queueArn } }],
    });
    rule.node.addDependency(queue, undelivered);
  }
}
