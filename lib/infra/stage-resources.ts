/** A stage in one region: rule, inbox, FIFO queue, function, each with what it cannot do without. */
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { DECLARED, names } from '../model/names.ts';
import { permissionsOf } from '../model/permissions.ts';
import { listenersOf, sourcesOf } from '../model/pipeline.ts';
import { declaredValues } from '../model/settings.ts';
import { outsidesOf, receivesOf, type Stage } from '../model/stage.ts';
import { arns } from './arns.ts';
import type { EventBus } from './event-bus.ts';
import { eventSource } from './event-source.ts';
import { acknowledgeFunction } from './function-findings.ts';
import { PipelineFunction } from './pipeline-function.ts';
import type { Place } from './place.ts';
import { consumedQueue, letEventsSend, type Yard } from './queues.ts';
import { sequencer } from './sequencer-resources.ts';

export interface StageOptions {
  readonly stage: Stage;
  readonly bus: EventBus;
  /** Where the rule's failed deliveries go. */
  readonly undelivered: Queue;
  readonly bundles: string;
}

export class StageResources extends Construct {
  readonly inbox: Queue;
  /** By which it hears: there when inbox and bus are. */
  readonly rule: CfnRule;
  readonly function: PipelineFunction;

  constructor(yard: Yard, id: string, options: StageOptions) {
    super(yard.scope, id);
    const { stage, bundles } = options;
    const { place } = yard;
    const here: Yard = { ...yard, scope: this };
    const d = place.deployment;
    this.inbox = consumedQueue(here, 'Inbox', {
      queueName: names.inbox(d, stage.name),
      deadLetterName: names.inboxDeadLetters(d, stage.name),
      timeoutSeconds: sequencer.timeoutSeconds,
      attempts: sequencer.attempts,
      fifo: false,
    }).queue;
    this.rule = this.hear(place, options);
    const { queue } = consumedQueue(here, 'Queue', {
      queueName: names.queue(d, stage.name),
      deadLetterName: names.deadLetters(d, stage.name),
      timeoutSeconds: stage.timeoutSeconds,
      attempts: receivesOf(stage),
      fifo: true,
    });
    new CfnParameter(this, 'DeclaredSettings', {
      name: `${names.settings(d, stage.name)}/${DECLARED}`,
      description: `What holds at ${stage.name} where nothing is set; a deployment writes it, and reads it nobody but people`,
      type: 'String',
      value: JSON.stringify(declaredValues(stage)),
    });
    this.function = new PipelineFunction(here, {
      who: stage.name,
      functionName: names.function(d, stage.name),
      description: describe(stage),
      permissions: permissionsIn(place, stage),
      timeoutSeconds: stage.timeoutSeconds,
      memoryMb: stage.memoryMb,
      concurrency: stage.concurrency,
      // Word of what waits, each of which applies at least one event of a line that ends.
      sendsToItself: true,
      environment: {
        ...addressesOf(place, stage),
        LISTENERS: JSON.stringify(listenersOf(place.pipeline, stage.emits)),
        ...exitsOf(place, stage),
      },
      bundles,
    });
    acknowledgeFunction(this.function, stage.name, place);
    eventSource(this, 'QueueToFunction', { place, queue, function: this.function, concurrency: stage.concurrency });
  }

  /**
   * Delivers the whole event to the inbox, which is a standard queue: a rule cannot take a message group from the event.
   * Retries for as long as EventBridge can, a day.
   */
  private hear(place: Place, { stage, bus, undelivered }: StageOptions): CfnRule {
    const name = names.rule(place.deployment, stage.name);
    letEventsSend(place, this.inbox, [arns.rule(place, name)]);
    const rule = new CfnRule(this, 'Rule', {
      name,
      description: `What ${stage.name} accepts`,
      eventBusName: bus.bus.ref,
      state: place.active ? 'ENABLED' : 'DISABLED',
      eventPattern: {
        source: [...new Set(stage.accepts.flatMap((type) => sourcesOf(place.pipeline, type)))],
        'detail-type': stage.accepts.map(({ type }) => type),
      },
      targets: [
        {
          id: 'inbox',
          arn: this.inbox.queueArn,
          deadLetterConfig: { arn: undelivered.queueArn },
          retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 },
        },
      ],
    });
    // Not before the queues let it in, or the first events would be dead letters.
    rule.node.addDependency(this.inbox, undelivered);
    return rule;
  }
}

/** The permissions of a stage, of whose outside systems some may be sandboxes and others not. */
const permissionsIn = ({ pipeline, config }: Place, stage: Stage) =>
  permissionsOf(stage, pipeline, { sandboxed: true }).filter(
    ({ on }) => on.kind !== 'sandbox' || config.outside[on.system] === 'sandbox',
  );

const addressesOf = ({ config }: Place, stage: Stage): Record<string, string> =>
  Object.fromEntries(
    outsidesOf(stage).map(({ system }) => [
      `OUTSIDE_${system.toUpperCase().replaceAll('-', '_')}`,
      config.outside[system]!,
    ]),
  );

/** Which of a stage's events leave the pipeline; it measures how long they took. */
const exitsOf = ({ pipeline }: Place, { emits }: Stage): Record<string, string> => {
  const exits = emits.filter((type) => pipeline.exits.includes(type)).map(({ type }) => type);
  return exits.length === 0 ? {} : { EXITS: JSON.stringify(exits) };
};

/** At most 256 characters, which is what Lambda takes. */
const describe = ({ accepts, emits }: Stage): string => {
  const list = (types: Stage['accepts']) => types.map(({ type }) => type).join(', ') || 'nothing';
  return `${list(accepts)} -> ${list(emits)}`.slice(0, 256);
};
