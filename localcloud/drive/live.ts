/**
 * The cloud under the wall clock: HTTP on loopback, real bundles in worker threads, and one timer, armed for whatever is
 * next on the agenda.
 */
import { type Cloud, createCloud, type Gate } from '../cloud.ts';
import { currentInvocation, environmentNamed } from '../lambda/current-invocation.ts';
import type { Service } from '../service.ts';
import { services } from '../services.ts';
import { serve } from '../wire/http.ts';
import { freshSeed, wallClock, wallTimer } from '../world.ts';
import { withConcurrency } from './concurrency.ts';
import { withKills } from './kills.ts';
import { createLiveEnvironments } from './live-environments.ts';
import { exitError } from './runtime.ts';

export interface LiveOptions {
  /** Default 4566; 0 for a free one. */
  readonly port?: number;
  /** Default: one that nobody chose. */
  readonly seed?: string;
  /** Environments per function; default 2. Each is a thread with tens of megabytes. */
  readonly concurrency?: number;
  /** Faults and policies. */
  readonly gate?: Gate;
  /** Default: all services of the local cloud. */
  readonly services?: readonly Service[];
  /** Called with an error that no service meant to throw. Default: it is printed. */
  readonly onBug?: (error: unknown, where: string) => void;
}

export interface Live {
  readonly cloud: Cloud;
  /** For example `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly seed: string;
  /** Ends the environments and the server. */
  stop(): Promise<void>;
}

/** Starts a cloud. @throws Error when the port is taken */
export async function startLive(options: LiveOptions = {}): Promise<Live> {
  const { port = 4566, seed = freshSeed(), gate = {} } = options;
  const onBug = options.onBug ?? ((error, where) => console.error(`a bug in the local cloud (${where}):`, error));
  const environments = createLiveEnvironments((region, step, input) => {
    cloud.agenda.at(cloud.now(), () => cloud.step('lambda', region, step, input));
    // Not at once: a killing is reported in the midst of the call that it strikes.
    queueMicrotask(advance);
  });
  const cloud = createCloud({
    services: withConcurrency(options.services ?? services, options.concurrency),
    clock: wallClock,
    seed,
    perform: environments.perform,
    gate: withKills(gate, (call, { manner }) => {
      const id = call.principal.kind === 'role' ? call.principal.session : '';
      if (environmentNamed(cloud, id, call.region)) environments.kill(id, manner === 'exit' ? exitError : undefined);
    }),
  });
  const { advance, halt } = keepTime(cloud, onBug);
  const server = await serve(cloud, { port, currentInvocation, afterStep: advance, onBug });
  return {
    cloud,
    seed,
    endpoint: server.endpoint,
    async stop() {
      halt();
      await environments.stop();
      await server.close();
    },
  };
}

/** After the present step, and before a timer could: the shortest of them takes a millisecond. */
function soon(run: () => void): () => void {
  let off = false;
  queueMicrotask(() => off || run());
  return () => {
    off = true;
  };
}

/** Takes the agenda forward: whenever something has happened, and when something falls due. */
function keepTime(cloud: Cloud, onBug: (error: unknown, where: string) => void) {
  let armed: { when: number; cancel: () => void } | undefined;
  let halted = false;
  let advancing = false;
  const arm = () => {
    if (advancing) return;
    const when = cloud.agenda.next();
    if (halted || when === undefined || (armed && armed.when <= when)) return;
    armed?.cancel();
    armed = { when, cancel: when <= cloud.now() ? soon(ring) : wallTimer(when, ring) };
  };
  const ring = () => {
    armed = undefined;
    advance();
  };
  const advance = () => {
    if (halted) return;
    advancing = true;
    try {
      cloud.advance();
    } catch (error) {
      onBug(error, 'agenda');
    }
    advancing = false;
    arm();
  };
  cloud.onWork = arm;
  return {
    advance,
    halt() {
      halted = true;
      armed?.cancel();
    },
  };
}
