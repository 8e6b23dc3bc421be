/** Lambda as far as event source mappings go, which take their time. */
import type { Service } from '../../../localcloud/service.ts';
import { inbox, queue } from './desk.ts';

/** As AWS does it: what is asked for is so only some looks later. */
export function slowLambda(looks: number): {
  readonly service: Service<any>;
  readonly updates: unknown[];
  switchOn(): void;
} {
  const updates: unknown[] = [];
  const feeds = [
    ['bank-test-open', queue],
    ['bank-test-sequencer', inbox],
    ['bank-test-close', 'bank-test-close.fifo'],
    ['bank-test-sequencer', 'bank-test-close-inbox'],
  ] as const;
  const mappings = feeds.map(([name, source]) => ({
    UUID: `uuid-of-${source}`,
    EventSourceArn: `arn:aws:sqs:eu-west-1:123456789012:${source}`,
    FunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}:live`,
    State: 'Enabled',
    becomes: 'Enabled',
    left: 0,
  }));
  const described = ({ becomes: _becomes, left: _left, ...mapping }: (typeof mappings)[number]) => ({ ...mapping });
  const find = (uuid: string) => mappings.find(({ UUID }) => UUID === uuid)!;
  const service: Service<any> = {
    name: 'lambda',
    create: () => ({}),
    actions: {
      ListEventSourceMappings: ({ FunctionName }: any) => ({
        EventSourceMappings: mappings
          .filter(({ FunctionArn }) => FunctionArn.endsWith(`:${FunctionName}`))
          .map(described),
      }),
      UpdateEventSourceMapping: ({ UUID, Enabled }: any) => {
        updates.push(UUID);
        const one = find(UUID);
        Object.assign(one, {
          State: Enabled ? 'Enabling' : 'Disabling',
          becomes: Enabled ? 'Enabled' : 'Disabled',
          left: looks,
        });
        return described(one);
      },
      GetEventSourceMapping: ({ UUID }: any) => {
        const one = find(UUID);
        if (one.left-- <= 1) one.State = one.becomes;
        return described(one);
      },
    },
  };
  /** As a deployment does. */
  const switchOn = () => {
    for (const one of mappings) Object.assign(one, { State: 'Enabled', becomes: 'Enabled', left: 0 });
  };
  return { service, updates, switchOn };
}
