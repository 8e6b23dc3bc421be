/** What is watched of a pipeline as a whole: what lies in its own queues, and whether it keeps its promise. */
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { names } from '../model/names.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { depth, ofPipeline, replicationLatency, sent } from './metrics.ts';
import type { Place } from './place.ts';
import { leftLying, lying } from './stage-alarms.ts';
import { tablesIn } from './tables.ts';
import type { Watched } from './watched.ts';

const five = Duration.minutes(5);
const hour = Duration.hours(1);

export const ofQueues = ({ deployment: d }: Place): readonly Watched[] => [
  { kind: 'quarantine', metric: depth(names.quarantine(d)), ...lying },
  { kind: 'undelivered', metric: depth(names.undelivered(d)), ...lying },
  { kind: 'bus-undelivered', metric: depth(names.busUndelivered(d)), ...lying },
  leftLying([names.quarantine(d), names.undelivered(d), names.busUndelivered(d)]),
];

export const ofPromise = (place: Place): readonly Watched[] => {
  const { deployment: d, pipeline, peer } = place;
  const { endToEndSeconds, availabilityPercent, repairHours, replicationSeconds } = place.config.objectives;
  const endToEnd = ofPipeline(d, 'EndToEnd', { statistic: 'p99' });
  return [
    { kind: 'unfinished', metric: unfinishedShare(place), threshold: 20, periods: 3 },
    ...(pipeline.exits.length === 0
      ? []
      : [{ kind: 'latency' as const, metric: endToEnd, threshold: endToEndSeconds * 1000, periods: 3, outOf: 5 }]),
    { kind: 'availability', metric: available(place), threshold: availabilityPercent, below: true, periods: 1 },
    ...tablesIn(place).map(
      (table): Watched => ({
        kind: 'replication',
        of: table,
        metric: new MathExpression({
          // Such a metric falls silent with the last write, and an alarm on it ignores that, whatever it says: it would go on
          // until somebody writes to the table again (API reference, PutMetricAlarm, TreatMissingData).
          expression: 'FILL(late, 0)',
          usingMetrics: { late: replicationLatency(names.table(d, table), peer) },
          period: Duration.minutes(1),
        }),
        threshold: replicationSeconds * 1000,
        periods: 3,
        // A minute of which nothing has been told yet is filled too, and where such metrics come late the latest always are: in a
        // row there would never be three (User Guide, "Using math expressions", FILL in alarms). So a point may be seven late.
        outOf: 10,
      }),
    ),
    {
      // What may not be begun comes back after five minutes, and so is told three times before its queue is old; or after
      // seconds, where a lease has run out: a hand-over is over within two minutes.
      kind: 'not-active',
      metric: ofPipeline(d, 'NotActive'),
      threshold: 1,
      periods: 3,
      outOf: 12,
    },
    // Each is told once, and nothing takes it back: an hour, so that those of one hand-over are one message.
    { kind: 'writes-unknown', metric: ofPipeline(d, 'WritesUnknown'), threshold: 1, periods: 1, outOf: 60 },
    // Told with every read, once a minute at each stage that works; whoever writes something wrong has a moment to see it.
    { kind: 'settings-refused', metric: ofPipeline(d, 'SettingsRefused'), threshold: 1, periods: 3, outOf: 15 },
    { kind: 'volume', metric: volume(place), threshold: 3, moving: true, periods: 3 },
    {
      kind: 'time-to-repair',
      metric: ofPipeline(d, 'TimeToRepair', { statistic: 'Average', period: hour }),
      threshold: repairHours * 3600,
      periods: 1,
    },
  ];
};

/**
 * Of what was handed to stages in five minutes, what did not end in them, in per cent; 0 below eleven events, of which one
 * says little. What is on its way at the beginning and at the end nearly cancel out. It is no balance to the last event:
 * duplicates that SQS drops count as accepted, and what SQS itself moves to a dead-letter queue never counts as ended.
 */
export const unfinishedShare = ({ deployment: d }: Place): MathExpression => {
  const of = (name: 'Sequenced' | 'Completed' | 'Repeated' | 'DeadLettered') => ofPipeline(d, name, { period: five });
  return new MathExpression({
    expression: 'IF(gap > 10, 100 * gap / accepted, 0)',
    usingMetrics: {
      accepted: of('Sequenced'),
      gap: new MathExpression({
        expression: 'accepted - FILL(completed, 0) - FILL(repeated, 0) - FILL(dead, 0)',
        usingMetrics: {
          accepted: of('Sequenced'),
          completed: of('Completed'),
          repeated: of('Repeated'),
          dead: of('DeadLettered'),
        },
        period: five,
      }),
    },
    period: five,
    label: 'unfinished, per cent',
  });
};

/**
 * Of what ended in an hour, what was completed, in per cent. Not below 100 for three letters and fewer: each of them was told
 * of when it came, and in a quiet hour they would be most of what ended. It does not know what SQS itself moved to a
 * dead-letter queue.
 */
export const available = ({ deployment: d }: Place): MathExpression =>
  new MathExpression({
    expression: 'IF(FILL(dead, 0) > 3, 100 * FILL(completed, 0) / (FILL(completed, 0) + FILL(dead, 0)), 100)',
    usingMetrics: {
      completed: ofPipeline(d, 'Completed', { period: hour }),
      dead: ofPipeline(d, 'DeadLettered', { period: hour }),
    },
    period: hour,
    label: 'availability, per cent',
  });

/** An alarm adds up ten metrics at most. */
const METRICS_MAX = 10;

/** What came in: the inboxes of the stages that hear entry events. Queues, unlike functions, tell that there was nothing. */
export const volume = ({ deployment: d, pipeline }: Place): MathExpression => {
  const inboxes = listenersOfEntries(pipeline).map((stage) => names.inbox(d, stage));
  const usingMetrics = Object.fromEntries(inboxes.map((inbox, index) => [`in${index}`, sent(inbox, five)]));
  return new MathExpression({
    expression: `SUM([${Object.keys(usingMetrics).join(', ')}])`,
    usingMetrics,
    period: five,
    label: 'came in',
  });
};

/** One stage for each entry event, and no more than an alarm takes: what comes in elsewhere besides is not missed in a sum. */
const listenersOfEntries = ({ entries, stages }: Pipeline): readonly string[] =>
  [...new Set(entries.flatMap((type) => stages.find(({ accepts }) => accepts.includes(type))?.name ?? []))].slice(
    0,
    METRICS_MAX,
  );
