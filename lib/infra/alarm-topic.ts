/**
 * Where alarms go: an encrypted topic that our alarms, and nothing else from CloudWatch, may publish to. Its key is its own:
 * with the pipeline's, the alarm that the pipeline's key is disabled would not reach anybody.
 */
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { names } from '../model/names.ts';
import { arns } from './arns.ts';
import { alarmKeyPolicy } from './key-policy.ts';
import type { Ground } from './queues.ts';
import { onlyFor } from './statements.ts';

export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor({ scope, place }: Ground, id: string) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      description: `What the alarms of ${names.base(place.deployment)} tell in ${place.region}`,
      enableKeyRotation: true,
      policy: alarmKeyPolicy(place),
      removalPolicy: place.removal,
      ...(place.config.retain ? {} : { pendingWindow: Duration.days(7) }),
    });
    new Alias(this, 'Alias', { aliasName: names.alarmKeyAlias(place.deployment), targetKey: key });
    this.topic = new Topic(this, 'Topic', { topicName: names.topic(place.deployment), masterKey: key });
    // `enforceSSL` would put its own statement in place of the default policy, and alarms could publish no more.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OurAlarmsPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [arns.topic(place)],
        conditions: onlyFor(place, arns.alarm(place, `${names.base(place.deployment)}-*`)),
      }),
    );
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyOverTls',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['sns:Publish'],
        resources: [arns.topic(place)],
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
    const { alarmEmail } = place.config;
    if (alarmEmail !== undefined) {
      new Subscription(this, 'Email', {
        topic: this.topic,
        protocol: SubscriptionProtocol.EMAIL,
        endpoint: alarmEmail,
      });
    }
  }
}
