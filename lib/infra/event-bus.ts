/** The bus of one region and its archive. L1 throughout: the L2s grant more than they should, or forget a policy. */
import { CfnArchive, CfnEventBus } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CANARY, canarySource } from '../model/canary.ts';
import { names } from '../model/names.ts';
import { eventTypesOf, sourcesOf } from '../model/pipeline.ts';
import { arns } from './arns.ts';
import type { Place } from './place.ts';
import { letEventsSend, queueWithoutKey, type Yard } from './queues.ts';

export class EventBus extends Construct {
  /** What the bus could not encrypt or decrypt. */
  readonly undelivered: Queue;
  readonly bus: CfnEventBus;

  constructor(yard: Yard, id: string) {
    super(yard.scope, id);
    const { place, key } = yard;
    const { deployment, config, pipeline } = place;
    this.undelivered = queueWithoutKey({ ...yard, scope: this }, 'Undelivered', names.busUndelivered(deployment));
    letEventsSend(place, this.undelivered, [arns.bus(place)]);
    this.bus = new CfnEventBus(this, 'Bus', {
      name: names.bus(deployment),
      kmsKeyIdentifier: key.keyArn,
      deadLetterConfig: { arn: this.undelivered.queueArn },
      policy: busPolicy(place),
    });
    // Reached through attributes, so that whatever names the bus is made after it.
    const archive = new CfnArchive(this, 'Archive', {
      archiveName: names.archive(deployment),
      sourceArn: this.bus.attrArn,
      eventPattern: { source: [{ prefix: `${pipeline.name}.` }] },
      retentionDays: config.archiveDays,
      kmsKeyIdentifier: key.keyArn,
    });
    for (const resource of [this.bus, archive]) resource.applyRemovalPolicy(place.removal);
  }
}

/**
 * Refuses, whoever asks, what no part of the pipeline declares: the second line behind the roles. Not what the other region's
 * bus has let in and forwards: while the two are of different versions, it may be of a type that only one of them declares.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 */
function busPolicy(place: Place): object {
  const { pipeline, config, deployment } = place;
  const declared = eventTypesOf(pipeline);
  const watched = config.regions.failover !== undefined;
  const types = [...declared.map(({ type }) => type), ...(watched ? [CANARY] : [])];
  const sources = [
    ...new Set(declared.flatMap((type) => sourcesOf(pipeline, type))),
    ...(watched ? [canarySource(pipeline.name)] : []),
  ];
  const forwarder = arns.role(place, names.role(deployment, 'replicate', place.peer));
  // Holds as well where a request does not say whose it is: then it is refused.
  const notForwarded = { ArnNotEquals: { 'aws:PrincipalArn': forwarder } };
  const deny = (sid: string, condition: object) => ({
    Sid: sid,
    Effect: 'Deny',
    Principal: '*',
    Action: 'events:PutEvents',
    Resource: arns.bus(place),
    Condition: condition,
  });
  return {
    Version: '2012-10-17',
    Statement: [
      deny('OnlyDeclaredTypes', { 'ForAnyValue:StringNotEquals': { 'events:detail-type': types }, ...notForwarded }),
      deny('OnlyDeclaredSources', { 'ForAnyValue:StringNotEquals': { 'events:source': sources }, ...notForwarded }),
      deny('OnlyOverTls', { Bool: { 'aws:SecureTransport': 'false' } }),
    ],
  };
}
