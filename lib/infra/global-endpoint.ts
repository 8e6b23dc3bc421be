/**
 * Where producers publish who should not have to know which region works: a global endpoint, routed by a health check that
 * goes by the canary. Both buses bear the same name, as it must be.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-global-endpoints.html
 */
import { CfnEndpoint } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnHealthCheck } from 'aws-cdk-lib/aws-route53';
import { Fn } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { names } from '../model/names.ts';
import { acknowledge } from './acknowledge.ts';
import { arns, elsewhere } from './arns.ts';
import type { FailoverAlarms } from './failover-alarms.ts';
import type { Place } from './place.ts';
import type { Ground } from './queues.ts';
import { ConfinedRole } from './role.ts';

export class GlobalEndpoint extends Construct {
  constructor({ scope, place }: Ground, id: string, { roundTrip }: FailoverAlarms) {
    super(scope, id);
    const { deployment: d, config, region, peer } = place;
    const check = new CfnHealthCheck(this, 'HealthCheck', {
      healthCheckConfig: {
        type: 'CLOUDWATCH_METRIC',
        alarmIdentifier: { name: names.alarm(d, 'round-trip'), region },
        // Where CloudWatch itself says nothing the region is lost.
        insufficientDataHealthStatus: 'Unhealthy',
      },
      healthCheckTags: [{ key: 'Name', value: names.endpoint(d) }],
    });
    check.node.addDependency(roundTrip);
    const { managedReplication } = config.regions.failover!;
    const role = managedReplication ? replicationRole(this, place) : undefined;
    const endpoint = new CfnEndpoint(this, 'Endpoint', {
      name: names.endpoint(d),
      description: `To ${region}, or to ${peer} while ${region} does not work`,
      eventBuses: [place, elsewhere(place, peer)].map((one) => ({ eventBusArn: arns.bus(one) })),
      routingConfig: {
        failoverConfig: {
          primary: { healthCheck: Fn.join('', ['arn:aws:route53:::healthcheck/', check.attrHealthCheckId]) },
          secondary: { route: peer },
        },
      },
      replicationConfig: { state: managedReplication ? 'ENABLED' : 'DISABLED' },
      ...(role ? { roleArn: role.role.roleArn } : {}),
    });
    if (role) endpoint.node.addDependency(...role.policies);
  }
}

/** EventBridge makes the rules itself, in both regions, and hands them this role: the policy that its console writes. */
function replicationRole(scope: Construct, place: Place): ConfinedRole {
  const rule = 'GlobalEndpointManagedRule-*';
  const both = [place, elsewhere(place, place.peer)];
  const own = `arn:aws:iam::${place.config.account}:role/${names.role(place.deployment, 'endpoint', place.region)}`;
  const role = new ConfinedRole(scope, 'Replication', {
    place,
    who: 'endpoint',
    description: 'Replicates what comes through the global endpoint',
    assumedBy: new ServicePrincipal('events.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': place.config.account } },
    }),
    statements: [
      new PolicyStatement({
        actions: ['events:PutRule', 'events:PutTargets', 'events:DeleteRule', 'events:RemoveTargets'],
        resources: both.map((one) => arns.rule(one, rule)),
      }),
      new PolicyStatement({ actions: ['events:PutEvents'], resources: both.map((one) => arns.bus(one)) }),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [own],
        conditions: { StringEquals: { 'iam:PassedToService': 'events.amazonaws.com' } },
      }),
    ],
  });
  for (const one of both) {
    acknowledge(role, `IAM5[Resource::${arns.rule(one, rule)}]`, {
      of: ['solutions'],
      because: 'EventBridge gives the rules that it makes for an endpoint names of its own, behind this beginning.',
    });
  }
  return role;
}
