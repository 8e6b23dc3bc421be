/** Forwards to the other region's bus what was born in this one. */
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { names } from '../model/names.ts';
import { arns, elsewhere } from './arns.ts';
import type { EventBus } from './event-bus.ts';
import type { Yard } from './queues.ts';
import { ConfinedRole } from './role.ts';
import { onlyFor } from './statements.ts';

export class Replication extends Construct {
  constructor({ scope, place }: Yard, id: string, { bus, undelivered }: { bus: EventBus; undelivered: Queue }) {
    super(scope, id);
    const name = names.replicationRule(place.deployment);
    const peerBus = arns.bus(elsewhere(place, place.peer));
    const { role, policies } = new ConfinedRole(this, 'Confined', {
      place,
      who: 'replicate',
      description: `Forwards events from ${place.region} to ${place.peer}`,
      assumedBy: new ServicePrincipal('events.amazonaws.com', { conditions: onlyFor(place, arns.rule(place, name)) }),
      statements: [new PolicyStatement({ actions: ['events:PutEvents'], resources: [peerBus] })],
    });
    const rule = new CfnRule(this, 'Rule', {
      name,
      description: `What was born in ${place.region} goes to ${place.peer}`,
      eventBusName: bus.bus.ref,
      state: 'ENABLED',
      // A forwarded event keeps the region of its birth, so it does not come back; a replayed one was forwarded before.
      eventPattern: {
        source: [{ prefix: `${place.pipeline.name}.` }],
        region: [place.region],
        'replay-name': [{ exists: false }],
      },
      targets: [
        {
          id: 'peer',
          arn: peerBus,
          roleArn: role.roleArn,
          deadLetterConfig: { arn: undelivered.queueArn },
          // No retry policy: the default is what is wanted, 185 attempts within a day.
        },
      ],
    });
    rule.node.addDependency(...policies, undelivered);
  }
}
