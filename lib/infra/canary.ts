/** The canary of a region: a function, a rule that calls it once a minute, and one that calls it with what it has said. */
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CANARY, canarySource } from '../model/canary.ts';
import { names } from '../model/names.ts';
import { canaryPermissions } from '../model/permissions.ts';
import { acknowledge } from './acknowledge.ts';
import { arns, elsewhere } from './arns.ts';
import { acknowledgeFunction } from './function-findings.ts';
import { PipelineFunction } from './pipeline-function.ts';
import type { Place } from './place.ts';
import type { Yard } from './queues.ts';

/** A call of its own, three questions to the other region side by side, each given five seconds. */
const canary = { timeoutSeconds: 20, memoryMb: 512, concurrency: 2 };

export class Canary extends Construct {
  constructor(yard: Yard, id: string, { bundles }: { readonly bundles: string }) {
    super(yard.scope, id);
    const { place } = yard;
    const d = place.deployment;
    const made = new PipelineFunction(
      { ...yard, scope: this },
      {
        who: CANARY,
        functionName: names.function(d, CANARY),
        description: 'Says an event once a minute, hears it, and asks whether the other region answers',
        permissions: canaryPermissions(place.pipeline),
        statements: looksAt(elsewhere(place, place.peer)),
        environment: { PEER_REGION: place.peer },
        ...canary,
        bundles,
        live: false,
      },
    );
    acknowledgeFunction(
      made,
      CANARY,
      place,
      'What is late by a minute says nothing any more: that it is missing is the alarm.',
    );
    const { function: fn } = made;
    // Not again: the next minute has its own, and a second one would be heard late.
    const once = new CfnEventInvokeConfig(this, 'Once', {
      functionName: fn.ref,
      qualifier: '$LATEST',
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
    });
    const target = {
      id: 'canary',
      arn: fn.attrArn,
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    };
    const schedule = names.canarySchedule(d);
    // On the default bus, the only one that has schedules.
    new CfnRule(this, 'Schedule', {
      name: schedule,
      description: 'Once a minute the canary says something',
      scheduleExpression: 'rate(1 minute)',
      state: 'ENABLED',
      targets: [target],
    });
    const heard = names.rule(d, CANARY);
    new CfnRule(this, 'Heard', {
      name: heard,
      description: 'What the canaries of both regions have said',
      eventBusName: names.bus(d),
      // A replay would be heard hours late.
      eventPattern: {
        source: [canarySource(place.pipeline.name)],
        'detail-type': [CANARY],
        'replay-name': [{ exists: false }],
      },
      state: 'ENABLED',
      targets: [target],
    });
    const rules = { Clock: arns.scheduleRule(place, schedule), Bus: arns.rule(place, heard) };
    for (const [name, sourceArn] of Object.entries(rules)) {
      new CfnPermission(this, `CalledBy${name}`, {
        action: 'lambda:InvokeFunction',
        functionName: fn.ref,
        principal: 'events.amazonaws.com',
        sourceAccount: place.config.account,
        sourceArn,
      });
    }
    const because = 'That something said is not heard is what the alarm is for; there is nothing to keep of it.';
    acknowledge(this, 'EventBusDLQ', { of: ['serverless'], because });
    acknowledge(once, 'LambdaAsyncFailureDestination', { of: ['serverless'], because });
  }
}

/** Three services that the pipeline cannot do without, each asked something that changes nothing and needs no key. */
const looksAt = (there: Place): readonly PolicyStatement[] => {
  const { deployment: d } = there;
  return [
    new PolicyStatement({ actions: ['dynamodb:DescribeTable'], resources: [arns.table(there, names.authority(d))] }),
    new PolicyStatement({ actions: ['events:DescribeEventBus'], resources: [arns.bus(there)] }),
    new PolicyStatement({ actions: ['sqs:GetQueueUrl'], resources: [arns.queue(there, names.quarantine(d))] }),
  ];
};
