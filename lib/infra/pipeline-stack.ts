/** The pipeline in one region. The two regions differ by where they are, and by whether rules and event sources are on. */
import { Key } from 'aws-cdk-lib/aws-kms';
import type { App } from 'aws-cdk-lib/core';
import { names } from '../model/names.ts';
import { arns } from './arns.ts';
import { BaseStack } from './base-stack.ts';
import { pascalCase } from './construct-id.ts';
import { EventBus } from './event-bus.ts';
import type { Place } from './place.ts';
import { Publisher } from './publisher.ts';
import { letEventsSend, queueWithoutKey, standardQueue, type Yard } from './queues.ts';
import { Replication } from './replication.ts';
import { SequencerResources } from './sequencer-resources.ts';
import { StageResources } from './stage-resources.ts';
import { Testimony } from './testimony.ts';
import { Traffic } from './traffic.ts';

export interface PipelineStackOptions {
  readonly keyArn: string;
  /** The folder of the bundled functions. */
  readonly bundles: string;
}

export class PipelineStack extends BaseStack {
  constructor(app: App, place: Place, { keyArn, bundles }: PipelineStackOptions) {
    super(app, 'pipeline', place);
    const { pipeline, deployment: d } = place;
    // By ARN, which makes it deaf to grants: its policy is written where it is made.
    const yard: Yard = { scope: this, place, key: Key.fromKeyArn(this, 'Key', keyArn) };

    const undelivered = queueWithoutKey(yard, 'Undelivered', names.undelivered(d));
    const rules = [
      ...pipeline.stages.map(({ name }) => names.rule(d, name)),
      names.replicationRule(d),
      names.testimony(d),
    ];
    letEventsSend(
      place,
      undelivered,
      rules.map((rule) => arns.rule(place, rule)),
    );
    standardQueue(yard, 'Quarantine', names.quarantine(d));

    const bus = new EventBus(yard, 'Events');
    const stages = pipeline.stages.map((stage) => ({
      name: stage.name,
      resources: new StageResources(yard, pascalCase(stage.name), { stage, bus, undelivered, bundles }),
    }));
    const inboxes = new Map(stages.map(({ name, resources }) => [name, resources.inbox]));
    const sequencer = new SequencerResources(yard, 'Sequencer', { inboxes, bundles });
    new Replication(yard, 'Replication', { bus, undelivered });
    new Testimony(yard, 'Testimony', { bus, undelivered });
    new Publisher(yard, 'Publisher');

    const aliases = new Map([
      ...stages.map(({ name, resources }) => [name, resources.function.live!] as const),
      ['sequencer', sequencer.function.live!],
    ]);
    new Traffic(yard, 'Traffic', { aliases, rules: stages.map(({ resources }) => resources.rule), bundles });
  }
}
