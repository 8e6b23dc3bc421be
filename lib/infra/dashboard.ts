/** One row for each stage, in the order of the pipeline; the platform's own row on top. */
import { Dashboard, GraphWidget, type IWidget, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { names } from '../model/names.ts';
import { age, depth, ofFunction } from './metrics.ts';
import type { Place } from './place.ts';
import type { Yard } from './queues.ts';

export const dashboard = ({ scope, place }: Yard, id: string): Dashboard =>
  new Dashboard(scope, id, {
    dashboardName: names.dashboard(place.deployment, place.region),
    widgets: [platformRow(place), ...place.pipeline.stages.map(({ name }) => stageRow(place, name))],
  });

interface Graph {
  readonly title: string;
  readonly left: readonly Metric[];
  readonly right?: readonly Metric[];
}

/** The region is said, so that the body of the dashboard is one literal string. */
const graph = ({ region }: Place, { title, left, right = [] }: Graph): IWidget =>
  new GraphWidget({ title, region, left: [...left], right: [...right], width: 8, height: 5 });

function platformRow(place: Place): IWidget[] {
  const d = place.deployment;
  const lost = [names.quarantine(d), names.undelivered(d), names.busUndelivered(d)];
  return [
    graph(place, { title: 'outside every stage: should be nothing', left: lost.map((queue) => depth(queue)) }),
    ...functionGraphs(place, 'sequencer', names.sequencer(d)),
  ];
}

function stageRow(place: Place, stage: string): IWidget[] {
  const d = place.deployment;
  return [
    graph(place, {
      title: `${stage}: waiting`,
      left: [
        depth(names.inbox(d, stage), 'inbox'),
        depth(names.queue(d, stage), 'queue'),
        depth(names.deadLetters(d, stage), 'dead letters'),
        depth(names.inboxDeadLetters(d, stage), 'inbox dead letters'),
      ],
      right: [age(names.queue(d, stage), 'oldest, seconds')],
    }),
    ...functionGraphs(place, stage, names.function(d, stage)),
  ];
}

const functionGraphs = (place: Place, who: string, name: string): IWidget[] => [
  graph(place, {
    title: `${who}: invocations`,
    left: [ofFunction(name, 'Invocations'), ofFunction(name, 'Errors'), ofFunction(name, 'Throttles')],
  }),
  graph(place, {
    title: `${who}: duration`,
    left: [ofFunction(name, 'Duration', 'p50'), ofFunction(name, 'Duration', 'p99')],
    right: [ofFunction(name, 'ConcurrentExecutions', 'Maximum')],
  }),
];
