/** The least of SQS and CloudWatch that EventBridge and SNS need around them, and what it takes to try them. */
import type { PutEventsResponse, Target } from '@aws-sdk/client-eventbridge';
import { events } from '../../../localcloud/events/index.ts';
import { type Principal, type Service, ServiceError } from '../../../localcloud/service.ts';
import { sns } from '../../../localcloud/sns/index.ts';
import { sts } from '../../../localcloud/sts/index.ts';
import { testCloud } from '../bench-cloud.ts';

/** A message that somebody sent to a queue. */
export interface Sent {
  readonly queue: string;
  readonly region: string;
  readonly at: number;
  readonly body: any;
  readonly input: any;
  readonly principal: Principal;
}

export interface Stage {
  readonly sent: Sent[];
  /** Data points that CloudWatch received. */
  readonly metrics: any[];
  /** Throws what a queue should answer with instead. */
  refuse: (queue: string, input: any) => void;
}

function stubs(stage: Stage): Service[] {
  const sqs: Service<object> = {
    name: 'sqs',
    create: () => ({}),
    actions: {
      SendMessage: (input, _state, { region, now, principal }) => {
        const queue = input.QueueUrl.split('/').pop();
        stage.refuse(queue, input);
        const body = input.MessageBody.startsWith('{') ? JSON.parse(input.MessageBody) : input.MessageBody;
        stage.sent.push({ queue, region, at: now, body, input, principal });
        return {};
      },
    },
  };
  const monitoring: Service<object> = {
    name: 'monitoring',
    create: () => ({}),
    actions: {
      PutMetricData: (input) => {
        for (const datum of input.MetricData) stage.metrics.push({ Namespace: input.Namespace, ...datum });
        return {};
      },
    },
    unrecorded: ['PutMetricData'],
  };
  return [sqs, monitoring];
}

/** A cloud with EventBridge, SNS, and stubs around them. */
export function stage(seed?: string) {
  const scene: Stage = { sent: [], metrics: [], refuse: () => {} };
  const bench = testCloud([events, sns, ...stubs(scene), sts], seed === undefined ? {} : { seed });
  const { call } = bench;
  return {
    ...bench,
    scene,
    notes: (name: string) =>
      bench.cloud.journal.entries.filter((entry) => entry.kind === 'note' && entry.action === name),
    /** A rule on a bus, with its targets; the bus is made if there is none. */
    async rule(
      name: string,
      pattern: object,
      targets: readonly Partial<Target>[],
      { bus = 'trade', region = 'eu-west-1' } = {},
    ) {
      const { EventBuses } = await call('events', 'ListEventBuses', {}, { region });
      if (!EventBuses.some((one: { Name: string }) => one.Name === bus)) {
        await call('events', 'CreateEventBus', { Name: bus }, { region });
      }
      await call(
        'events',
        'PutRule',
        { Name: name, EventBusName: bus, EventPattern: JSON.stringify(pattern) },
        { region },
      );
      const numbered = targets.map((target, index) => ({ Id: `t${index}`, ...target }));
      await call('events', 'PutTargets', { Rule: name, EventBusName: bus, Targets: numbered }, { region });
    },
    put: (detail: unknown, more: object = {}, region = 'eu-west-1') =>
      call<PutEventsResponse>(
        'events',
        'PutEvents',
        {
          Entries: [
            { Source: 'shop', DetailType: 'item.sold', Detail: JSON.stringify(detail), EventBusName: 'trade', ...more },
          ],
        },
        { region },
      ),
  };
}

export const queueArn = (name: string, region = 'eu-west-1') => `arn:aws:sqs:${region}:123456789012:${name}`;
export const busArn = (name: string, region = 'eu-west-1') => `arn:aws:events:${region}:123456789012:event-bus/${name}`;

/** When a test's clock starts. */
export const MORNING = Date.UTC(2026, 0, 5, 8);
const DAY = 86_400_000;
export const archiveArn = 'arn:aws:events:eu-west-1:123456789012:archive/kept';

/** A bus with one rule and one archive, and how to replay it. */
export async function withArchive(more: object = {}) {
  const here = stage();
  await here.rule('sold', { source: ['shop'] }, [{ Arn: queueArn('inbox') }]);
  await here.call('events', 'CreateArchive', { ArchiveName: 'kept', EventSourceArn: busArn('trade'), ...more });
  const replay = (input: object = {}) =>
    here.call('events', 'StartReplay', {
      ReplayName: 'again',
      EventSourceArn: archiveArn,
      EventStartTime: new Date(MORNING),
      EventEndTime: new Date(MORNING + DAY),
      Destination: { Arn: busArn('trade') },
      ...input,
    });
  const replayed = () => here.scene.sent.filter(({ body }) => body['replay-name'] !== undefined);
  return { ...here, replay, replayed, describe: () => here.call('events', 'DescribeReplay', { ReplayName: 'again' }) };
}

/** What a queue does that answers with an error. */
export const failing =
  (code: string, status: number, onlyQueue = 'inbox') =>
  (queue: string) => {
    if (queue === onlyQueue) throw new ServiceError(code, `${code} said`, { status });
  };
