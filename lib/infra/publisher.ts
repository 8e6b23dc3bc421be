/** The role that producers take on: it may say the entry events, and nothing else. */
import { ArnPrincipal, CompositePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { publisherPermissions } from '../model/permissions.ts';
import { elsewhere } from './arns.ts';
import type { Yard } from './queues.ts';
import { ConfinedRole } from './role.ts';
import { statementsOf } from './statements.ts';

export class Publisher extends Construct {
  constructor({ scope, place, key }: Yard, id: string) {
    super(scope, id);
    const { pipeline, config } = place;
    new ConfinedRole(this, 'Confined', {
      place,
      who: 'publisher',
      description: `What producers may do in ${place.region}`,
      assumedBy: new CompositePrincipal(...config.publishers.map((arn) => new ArnPrincipal(arn))),
      statements: [
        ...statementsOf(publisherPermissions(pipeline), { place, keyArn: key.keyArn }),
        // Through a global endpoint they publish to whichever bus works.
        ...(config.regions.failover === undefined
          ? []
          : statementsOf(
              publisherPermissions(pipeline).filter(({ on }) => on.kind === 'bus'),
              {
                place: elsewhere(place, place.peer),
                keyArn: key.keyArn,
              },
            )),
      ],
    });
  }
}
