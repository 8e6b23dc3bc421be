/** Lambda with the least of its neighbours: a queue that holds what the test puts there, keys for everyone, logs and metrics that remember. */
import { lambda } from '../../../localcloud/lambda/index.ts';
import type { Effect, Service } from '../../../localcloud/service.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import { sts } from '../../../localcloud/sts/index.ts';
import { type TestCloud, testCloud } from '../bench-cloud.ts';

export const ROLE = 'arn:aws:iam::123456789012:role/worker';

interface StubMessage {
  readonly id: string;
  readonly body: string;
  visibleAt: number;
  receipts: number;
}

export interface Neighbours {
  readonly messages: StubMessage[];
  readonly lines: string[];
  readonly metrics: { name: string; value: number }[];
  /** What the queue says to everything, if anything. */
  refusal: ServiceError | undefined;
  visibilityTimeout: number;
}

export function stubServices(neighbours: Neighbours): readonly Service[] {
  const sqs: Service = {
    name: 'sqs',
    create: () => ({}),
    actions: {
      GetQueueAttributes: () => ({ Attributes: { VisibilityTimeout: String(neighbours.visibilityTimeout) } }),
      ReceiveMessage: ({ MaxNumberOfMessages: most }, _state, { now }) => {
        if (neighbours.refusal) throw neighbours.refusal;
        const ready = neighbours.messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, most);
        for (const message of ready) {
          message.visibleAt = now + 1000 * neighbours.visibilityTimeout;
          message.receipts++;
        }
        return {
          Messages: ready.map(({ id, body, receipts }) => ({
            MessageId: id,
            ReceiptHandle: `receipt ${id}`,
            Body: body,
            MD5OfBody: 'd41d8cd98f00b204e9800998ecf8427e',
            Attributes: {
              ApproximateReceiveCount: String(receipts),
              MessageGroupId: 'g',
              SequenceNumber: '18849496460467696128',
            },
            MessageAttributes: { kind: { DataType: 'String', StringValue: 'sample' } },
          })),
        };
      },
      DeleteMessageBatch: ({ Entries }: { Entries: { ReceiptHandle: string }[] }) => {
        for (const { ReceiptHandle } of Entries) {
          const at = neighbours.messages.findIndex(({ id }) => ReceiptHandle === `receipt ${id}`);
          if (at >= 0) neighbours.messages.splice(at, 1);
        }
        return { Successful: [], Failed: [] };
      },
      SendMessage: ({ id, body = '{}' }, _state, context) => {
        neighbours.messages.push({ id, body, visibleAt: context.now, receipts: 0 });
        context.wake('sqs:inbox');
        return {};
      },
    },
  };
  const logs: Service = {
    name: 'logs',
    create: () => ({ groups: new Set<string>() }),
    actions: {
      CreateLogGroup: ({ logGroupName }, state) => void state.groups.add(logGroupName),
      CreateLogStream: ({ logGroupName }, state) => {
        if (!state.groups.has(logGroupName)) throw new ServiceError('ResourceNotFoundException', 'no such group');
        return {};
      },
      PutLogEvents: ({ logEvents }) => {
        neighbours.lines.push(...logEvents.map((one: { message: string }) => one.message));
        return {};
      },
    },
  };
  const monitoring: Service = {
    name: 'monitoring',
    create: () => ({}),
    actions: {
      PutMetricData: ({ MetricData }) => {
        for (const { MetricName, Value } of MetricData) neighbours.metrics.push({ name: MetricName, value: Value });
        return {};
      },
    },
    unrecorded: ['PutMetricData'],
  };
  return [sqs, logs, monitoring];
}

export interface Bench extends TestCloud, Neighbours {
  /** Creates a function; the rest of its settings are `settings`. */
  create(name: string, settings?: object): Promise<void>;
  /** The effects asked for since the last call, oldest first. */
  taken(): Effect[];
  /** Reports as the driver does. */
  report(step: string, input: object): Promise<void>;
  /** Starts what was asked to be started, and returns the invocations that were handed out then. */
  start(): Promise<Extract<Effect, { kind: 'invoke' }>[]>;
  notes(name: string): any[];
}

export function bench(): Bench {
  const neighbours: Neighbours = { messages: [], lines: [], metrics: [], refusal: undefined, visibilityTimeout: 30 };
  const test = testCloud([lambda, sts, ...stubServices(neighbours)]);
  const made: Bench = {
    ...test,
    ...neighbours,
    create: (name, settings = {}) =>
      test.call('lambda', 'CreateFunction', {
        FunctionName: name,
        Role: ROLE,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { LocalPath: `/assets/${name}` },
        ...settings,
      }),
    taken: () => test.effects.splice(0),
    async report(step, input) {
      test.cloud.step('lambda', 'eu-west-1', step, input);
      await test.pass(0);
    },
    async start() {
      const starts = made.taken().filter(({ kind }) => kind === 'start');
      for (const { environment } of starts) await made.report('EnvironmentStarted', { environment });
      return made.taken().filter((effect) => effect.kind === 'invoke');
    },
    notes: (name) =>
      test.cloud.journal.entries
        .filter((entry) => entry.kind === 'note' && entry.action === name)
        .map(({ input }) => input),
  };
  Object.defineProperties(made, {
    refusal: { get: () => neighbours.refusal, set: (value) => (neighbours.refusal = value) },
    visibilityTimeout: {
      get: () => neighbours.visibilityTimeout,
      set: (value) => (neighbours.visibilityTimeout = value),
    },
  });
  return made;
}
