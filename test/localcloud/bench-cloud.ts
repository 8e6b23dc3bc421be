/** A cloud for tests of single services: the kernel under a clock that the test moves by hand. */
import { administrator, type Cloud, createCloud, type Gate } from '../../localcloud/cloud.ts';
import type { Effect, Principal, Service } from '../../localcloud/service.ts';

export interface TestCloud {
  readonly cloud: Cloud;
  /** What the cores asked of the driver. */
  readonly effects: Effect[];
  /** Calls an action as the administrator of eu-west-1, and takes whatever is due at once. */
  call<Output = any>(
    service: string,
    action: string,
    input?: object,
    options?: { region?: string; as?: Principal },
  ): Promise<Output>;
  /** Moves the clock on, stopping at everything that falls due on the way. */
  pass(milliseconds: number): Promise<void>;
}

export function testCloud(
  services: readonly Service[],
  options: { seed?: string; gate?: Gate; start?: number } = {},
): TestCloud {
  let now = options.start ?? Date.UTC(2026, 0, 5, 8);
  const effects: Effect[] = [];
  const cloud = createCloud({
    services,
    clock: () => now,
    seed: options.seed ?? 'test',
    ...(options.gate ? { gate: options.gate } : {}),
    perform: (effect) => effects.push(effect),
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    cloud,
    effects,
    async call(service, action, input = {}, { region = 'eu-west-1', as = administrator } = {}) {
      const answer = cloud.request({ service, region, action, input, principal: as });
      answer.catch(() => {}); // handed to the caller below; this only keeps Node from calling it unhandled meanwhile
      cloud.advance();
      await settle();
      return answer;
    },
    async pass(milliseconds) {
      const end = now + milliseconds;
      for (let due = cloud.agenda.next(); due !== undefined && due <= end; due = cloud.agenda.next()) {
        now = Math.max(now, due);
        cloud.advance();
        await settle();
      }
      now = end;
    },
  };
}
