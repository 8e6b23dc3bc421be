/**
 * The cloud under a clock that stands still while anything happens and then jumps to whatever is next. The same bundles
 * as on AWS run in sandboxes; there is no socket and no thread, and nothing real to wait for. The same seed gives the same
 * history, entry by entry.
 */
import { setImmediate } from 'node:timers';
import { administrator, type Cloud, createCloud, type Gate } from '../cloud.ts';
import { currentInvocation, environmentNamed, homeOf } from '../lambda/current-invocation.ts';
import type { Links } from '../links.ts';
import { enforcing } from '../policy/combine.ts';
import type { UsedGrants } from '../policy/gate.ts';
import type { Call, Service } from '../service.ts';
import { services } from '../services.ts';
import { answer } from '../wire/answer.ts';
import { answerDirect } from '../wire/direct.ts';
import type { WireRequest, WireResponse } from '../wire/message.ts';
import { withConcurrency } from './concurrency.ts';
import type { DeployedCloud } from './deployed.ts';
import { withKills } from './kills.ts';
import { type Latency, usualLatency } from './latency.ts';
import { ownRejections } from './sandbox/origin.ts';
import { createVirtualEnvironments } from './virtual-environments.ts';

export { historyHash } from './history-hash.ts';

export interface VirtualOptions {
  readonly seed: string;
  /** Milliseconds since 1970; default: a Monday morning. */
  readonly start?: number;
  /** Faults, and whatever else should hold on to calls. */
  readonly gate?: Gate;
  /** Whether policies are enforced; default true, where there is IAM to keep them. */
  readonly enforce?: boolean;
  /** Default: {@link usualLatency}. */
  readonly latency?: Latency;
  /** By how many milliseconds the clock of an environment is ahead; asked once for each. Default: none is. */
  readonly skew?: (environment: string) => number;
  /**
   * `deployed`: each cold start evaluates the very bytes that were deployed, with all they hold. `shared`: it evaluates the
   * function's own modules only, over libraries that this process has loaded once (`sandbox/shared.ts`). Default `deployed`.
   */
  readonly libraries?: 'deployed' | 'shared';
  /** Environments per function; default 2. */
  readonly concurrency?: number;
  /** Default: all services of the local cloud. */
  readonly services?: readonly Service[];
  /**
   * The cloud to begin from, with its services, its time and the ids it drew; the seed decides all that follows.
   * `start`, `concurrency` and `services` are its own then. Default: an empty cloud.
   */
  readonly deployed?: DeployedCloud;
}

export interface Until {
  /** Ends the run once it holds; looked at after every step. */
  readonly until?: (cloud: Cloud) => boolean;
  /** Ends the run after so many milliseconds of virtual time. Default: a day, or earlier when nothing is due any more. */
  readonly for?: number;
}

/** A call whose caller, unless it says otherwise, is the administrator. */
export type Asked = Pick<Call, 'service' | 'action' | 'region'> & Partial<Call>;

/** `lose(region)`, `restore(region)`, `partition(region, other?)` and `heal()` are those of `cloud.links`. */
export interface Virtual extends Pick<Links, 'lose' | 'restore' | 'partition' | 'heal'> {
  readonly cloud: Cloud;
  /** What of the policies' grants was used. */
  readonly used: UsedGrants;
  /** Takes time forward. Resolves with whether `until` held at the end; true if there was none. */
  run(until: Until): Promise<boolean>;
  /** Makes a call, and takes time forward until it is answered if nobody else is doing so. */
  request<Output = any>(call: Asked): Promise<Output>;
  /** Answers a request of a client outside, as `request` does. */
  answer(request: WireRequest): Promise<WireResponse>;
  /** Lets so many milliseconds pass, whoever takes time forward. */
  pass(milliseconds: number): Promise<void>;
  /** Ends all environments. */
  stop(): void;
}

const DAY = 86_400_000;

export function createVirtual(options: VirtualOptions): Virtual {
  const { seed, gate = {}, latency = usualLatency, deployed } = options;
  const image = deployed?.image;
  const offered = deployed?.services ?? withConcurrency(options.services ?? services, options.concurrency);
  let now = image?.now ?? options.start ?? Date.UTC(2026, 0, 5, 8);
  /** The run that is taking time forward. */
  let current: Promise<boolean> | undefined;
  const enforced = enforcing(gate, { enforce: options.enforce, services: offered });
  const cloud = createCloud({
    services: offered,
    image,
    clock: () => now,
    seed,
    perform: (effect) => environments.perform(effect),
    origin: (principal) => homeOf(cloud, principal),
    gate: withKills(enforced.gate, (call, { manner, how }) => {
      const id = call.principal.kind === 'role' ? call.principal.session : '';
      if (environmentNamed(cloud, id, call.region)) environments.kill(id, manner, how);
    }),
  });
  const bugs: unknown[] = [];
  const wire = {
    currentInvocation,
    onBug: (error: unknown) => bugs.push(error),
    // Shared libraries name the caller and do not sign.
    signed: options.libraries !== 'shared',
  };
  const environments = createVirtualEnvironments({
    cloud,
    latency,
    libraries: options.libraries,
    ...(options.skew ? { skew: options.skew } : {}),
    answer: (request) => answer(cloud, request, wire),
    answerDirect: (request) => answerDirect(cloud, request, wire),
  });

  const run = (until: Until): Promise<boolean> => {
    if (current) throw new Error('the virtual cloud is running already; await the run before the next');
    current = go(until).finally(() => {
      current = undefined;
    });
    return current;
  };

  const go = async ({ until, for: length }: Until): Promise<boolean> => {
    const restore = ownRejections();
    const end = now + (length ?? DAY);
    try {
      await quiet();
      for (;;) {
        if (bugs.length > 0) throw bugs.shift();
        if (until?.(cloud)) return true;
        const next = cloud.agenda.next();
        if (next === undefined || next > end) break;
        now = Math.max(now, next);
        cloud.agenda.take(now)!.run();
        await quiet();
      }
      if (length !== undefined) now = end;
      return until === undefined;
    } finally {
      restore();
    }
  };

  /** Takes time forward until something is done, if nobody else does. */
  const settled = async <T>(asked: Promise<T>): Promise<T> => {
    let done = false;
    asked.then(
      () => (done = true),
      () => (done = true),
    );
    while (!done) {
      // Never a turn later than the answer: what comes of it belongs to the same moment.
      if (current) await Promise.race([asked.catch(() => {}), current.catch(() => {})]);
      else if (!(await run({ until: () => done }))) break;
    }
    return asked;
  };

  const { lose, restore: giveBack, partition, heal } = cloud.links;
  return {
    cloud,
    lose,
    restore: giveBack,
    partition,
    heal,
    used: enforced.used,
    run,
    async request(call) {
      const asked = cloud.request({ input: {}, principal: administrator, ...call });
      // Within a run it is the run that takes time forward, as long as it lasts.
      if (!current) await settled(asked);
      return asked as Promise<any>;
    },
    answer: (request) => settled(answer(cloud, request, wire)),
    pass: (milliseconds) => settled(new Promise((resolve) => cloud.agenda.at(now + milliseconds, resolve))),
    stop: environments.stop,
  };
}

/** Resolves when all promises and ticks have run dry: immediates come after them, and nothing else is ever pending here. */
const quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
