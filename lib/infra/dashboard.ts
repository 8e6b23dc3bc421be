/** What a person on call looks at: the promise on top, then the way into the stages, then a row for each stage. */
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { names } from '../model/names.ts';
import { outsidesOf, reads, type Stage } from '../model/stage.ts';
import { arns } from './arns.ts';
import { age, breakerOpen, depth, errorShare, ofFunction, ofPipeline, ofService } from './metrics.ts';
import { available, unfinishedShare, volume } from './pipeline-alarms.ts';
import type { Place } from './place.ts';
import type { Ground } from './queues.ts';
import { alarmName } from './watched.ts';

export const dashboard = ({ scope, place }: Ground, id: string): Dashboard =>
  new Dashboard(scope, id, {
    dashboardName: names.dashboard(place.deployment, place.region),
    widgets: [
      [heading(place)],
      promiseRow(scope, place),
      objectivesRow(place),
      sequencerRow(place),
      ...place.pipeline.stages.map((stage) => stageRow(place, stage)),
    ],
  });

const heading = ({ deployment, region, config }: Place): IWidget =>
  new TextWidget({
    width: 24,
    height: 1,
    markdown: `**${names.base(deployment)}** in ${region}. What to do: ${config.runbooks}/pipeline.md`,
  });

interface Graph {
  readonly title: string;
  readonly left: readonly IMetric[];
  readonly right?: readonly IMetric[];
}

/** The region is said, so that the body of the dashboard is one literal string. */
const graph = ({ region }: Place, { title, left, right = [] }: Graph): IWidget =>
  new GraphWidget({ title, region, left: [...left], right: [...right], width: 6, height: 5 });

function promiseRow(scope: Construct, place: Place): IWidget[] {
  const { deployment: d, pipeline } = place;
  const byName = (name: string): IAlarm => Alarm.fromAlarmArn(scope, `Shown${name}`, arns.alarm(place, name));
  const lost = [names.quarantine(d), names.undelivered(d), names.busUndelivered(d)];
  const stages = pipeline.stages.map(({ name }) => name);
  return [
    new AlarmStatusWidget({
      title: 'alarms',
      width: 6,
      height: 5,
      alarms: [
        alarmName(d, { kind: 'pipeline' }),
        alarmName(d, { kind: 'promise' }),
        alarmName(d, { kind: 'sequencer' }),
        ...stages.map((of) => alarmName(d, { kind: 'stage', of })),
      ].map(byName),
    }),
    graph(place, {
      title: 'accepted and finished',
      left: [
        ofPipeline(d, 'Sequenced', { label: 'accepted' }),
        ofPipeline(d, 'Completed', { label: 'completed' }),
        ofPipeline(d, 'DeadLettered', { label: 'given up' }),
        ofPipeline(d, 'Repeated', { label: 'repeated' }),
      ],
    }),
    graph(place, { title: 'oldest, seconds', left: stages.map((stage) => age(names.queue(d, stage), stage)) }),
    graph(place, {
      title: 'given up, to be decided: should be nothing',
      left: [
        ...stages.map((stage) => depth(names.deadLetters(d, stage), stage)),
        ...stages.map((stage) => depth(names.inboxDeadLetters(d, stage), `${stage} (inbox)`)),
        ...lost.map((queue) => depth(queue)),
      ],
    }),
  ];
}

function objectivesRow(place: Place): IWidget[] {
  const { deployment: d } = place;
  const endToEnd = (statistic: string) => ofPipeline(d, 'EndToEnd', { statistic, label: statistic });
  return [
    graph(place, { title: 'entry to exit, ms', left: ['p50', 'p90', 'p99'].map(endToEnd) }),
    graph(place, { title: 'availability, per cent of an hour', left: [available(place)] }),
    graph(place, { title: 'came in; unfinished, per cent', left: [volume(place)], right: [unfinishedShare(place)] }),
    graph(place, {
      title: 'time to repair, seconds',
      left: [
        ofPipeline(d, 'TimeToRepair', { statistic: 'Average', label: 'mean' }),
        ofPipeline(d, 'TimeToRepair', { statistic: 'Maximum', label: 'longest' }),
      ],
    }),
  ];
}

function sequencerRow(place: Place): IWidget[] {
  const { deployment: d, pipeline } = place;
  const inboxes = pipeline.stages.map(({ name }) => age(names.inbox(d, name), name));
  return [
    graph(place, { title: 'inboxes: oldest, seconds', left: inboxes }),
    graph(place, {
      title: 'sequencer: handed on, put aside',
      left: [ofService(d, 'sequencer', 'Sequenced'), ofService(d, 'sequencer', 'Quarantined')],
    }),
    ...functionGraphs(place, 'sequencer', names.sequencer(d)),
  ];
}

const ends = ['Completed', 'DeadLettered', 'Retried', 'Parked', 'Conflicts', 'WritesUnknown'] as const;

function stageRow(place: Place, stage: Stage): IWidget[] {
  const d = place.deployment;
  const { name } = stage;
  return [
    graph(place, {
      title: `${name}: waiting`,
      left: [
        depth(names.inbox(d, name), 'inbox'),
        depth(names.queue(d, name), 'queue'),
        depth(names.deadLetters(d, name), 'dead letters'),
        depth(names.inboxDeadLetters(d, name), 'inbox dead letters'),
      ],
      right: [age(names.queue(d, name), 'oldest, seconds')],
    }),
    graph(place, {
      title: `${name}: what became of events`,
      left: [...ends, ...(reads(stage) ? (['Torn'] as const) : [])].map((metric) => ofService(d, name, metric)),
      right: outsidesOf(stage).map((use) => breakerOpen(d, { stage: name, system: use.system })),
    }),
    ...functionGraphs(place, name, names.function(d, name)),
  ];
}

const functionGraphs = (place: Place, who: string, name: string): IWidget[] => [
  graph(place, {
    title: `${who}: invocations`,
    left: [ofFunction(name, 'Invocations'), ofFunction(name, 'Errors'), ofFunction(name, 'Throttles')],
    right: [errorShare(name)],
  }),
  graph(place, {
    title: `${who}: duration, ms`,
    left: [ofFunction(name, 'Duration', 'p50'), ofFunction(name, 'Duration', 'p99')],
    right: [ofFunction(name, 'ConcurrentExecutions', 'Maximum')],
  }),
];
