import type { Entry } from '../journal.ts';
import type { Queues } from '../sqs/state.ts';
import type { Fault } from './fault.ts';
import { atOccasion } from './occasion.ts';
import { ofRegions, operate } from './operate.ts';

/** An operator sends dead letters back while things still go wrong (SQS Developer Guide, "Dead-letter queue redrive"). */
export const redrive: Fault = {
  name: 'redrive',
  most: 0.8,
  targets: (cloud, regions) =>
    ofRegions<Queues>(cloud, regions, 'sqs', ({ queues }) =>
      [...queues.values()].flatMap(({ settings }) => settings.redrive?.name ?? []),
    ),
  times: 3,
  happen(target, strike) {
    const { struck, cloud } = strike;
    const [region, name] = target.split('/') as [string, string];
    const sendBack = () => {
      const queues = [...cloud.state<Queues>('sqs', region).queues.values()];
      const letters = queues.find((queue) => queue.name === name);
      const source = queues.find(({ settings }) => settings.redrive?.name === name);
      if (!source || !letters || letters.counts.visible === 0) return;
      struck();
      operate(cloud, region, 'sqs', 'StartMessageMoveTask', { SourceArn: letters.arn, DestinationArn: source.arn });
    };
    // Mostly nothing lies there: somebody comes soon after something does.
    atOccasion(strike, { is: (entry) => isLetter(entry, name), after: [100, 30_000] }, sendBack);
  },
};

/** Something comes into a dead-letter queue: SQS gave it up, or somebody sent it there. */
const isLetter = ({ action, input, error }: Entry, name: string): boolean =>
  action === 'MessageDeadLettered'
    ? input.deadLetterQueue === name
    : /^SendMessage(Batch)?$/.test(action) && !error && String(input.QueueUrl).endsWith(`/${name}`);
