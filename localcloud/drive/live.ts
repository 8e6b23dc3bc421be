/**
 * The cloud under the wall clock: HTTP on loopback, real bundles in threads or processes, and one timer, armed for
 * whatever is next on the agenda.
 */
import { type Cloud, createCloud, type Gate } from '../cloud.ts';
import { currentInvocation, environmentNamed, homeOf } from '../lambda/current-invocation.ts';
import { enforcing } from '../policy/combine.ts';
import type { UsedGrants } from '../policy/gate.ts';
import type { Service } from '../service.ts';
import { services } from '../services.ts';
import { serve } from '../wire/http.ts';
import { freshSeed, wallClock } from '../world.ts';
import { withArchival } from './archival.ts';
import { withConcurrency } from './concurrency.ts';
import { type Arrival, createDeployments, type Deployments } from './deployments.ts';
import { keepTime } from './keep-time.ts';
import { withKills } from './kills.ts';
import { createLiveEnvironments, type Isolation } from './live-environments.ts';
import { regionsRoute } from './regions-route.ts';
import { exitError } from './runtime.ts';
import { createScratch } from './scratch.ts';

export interface LiveOptions {
  /** Default 4566; 0 for a free one. */
  readonly port?: number;
  /** Default: one that nobody chose. */
  readonly seed?: string;
  /** What keeps execution environments apart from each other and from the cloud; default `thread`. */
  readonly isolation?: Isolation;
  /** A word for what runs here, which `GET /health` tells: so that only what is meant for this cloud is deployed to it. */
  readonly name?: string;
  /** A folder in which the cloud makes one for the code of its functions; default: this machine's folder for such things. */
  readonly scratch?: string;
  /** Called when a deployment has arrived over the wire. */
  readonly onArrival?: (arrival: Arrival) => void;
  /** Environments per function; default 2. Each is a thread or a process with tens of megabytes. */
  readonly concurrency?: number;
  /** Milliseconds that an event takes at most into an archive; default five seconds, where AWS may take ten minutes. */
  readonly latestArchival?: number;
  /** Faults, and whatever else should hold on to calls. */
  readonly gate?: Gate;
  /** Whether policies are enforced; default true, where there is IAM to keep them. */
  readonly enforce?: boolean;
  /** Default: all services of the local cloud. */
  readonly services?: readonly Service[];
  /** Called with an error that no service meant to throw. Default: it is printed. */
  readonly onBug?: (error: unknown, where: string) => void;
}

export interface Live extends Pick<Deployments, 'deploy'> {
  readonly cloud: Cloud;
  /** For example `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly seed: string;
  /** What of the policies' grants was used. */
  readonly used: UsedGrants;
  /** Ends the environments and the server. */
  stop(): Promise<void>;
}

/** Nobody at a keyboard waits ten minutes before a replay. */
const SOON = 5000;

/** Starts a cloud. @throws Error when the port is taken */
export async function startLive(options: LiveOptions = {}): Promise<Live> {
  const { port = 4566, seed = freshSeed(), gate = {} } = options;
  const enforced = enforcing(gate, { enforce: options.enforce, services: options.services ?? services });
  const onBug = options.onBug ?? ((error, where) => console.error(`a bug in the local cloud (${where}):`, error));
  const { isolation = 'thread', name } = options;
  const scratch = createScratch(options.scratch);
  const environments = createLiveEnvironments(isolation, scratch.folder, (region, step, input) => {
    cloud.agenda.at(cloud.now(), () => cloud.step('lambda', region, step, input));
    // Not at once: a killing is reported in the midst of the call that it strikes.
    queueMicrotask(advance);
  });
  const cloud = createCloud({
    services: withArchival(
      withConcurrency(options.services ?? services, options.concurrency),
      options.latestArchival ?? SOON,
    ),
    clock: wallClock,
    seed,
    perform: environments.perform,
    origin: (principal) => homeOf(cloud, principal),
    gate: withKills(enforced.gate, (call, { manner }) => {
      const id = call.principal.kind === 'role' ? call.principal.session : '';
      if (environmentNamed(cloud, id, call.region)) environments.kill(id, manner === 'exit' ? exitError : undefined);
    }),
  });
  const { advance, halt } = keepTime(cloud, onBug);
  const deployments = createDeployments(cloud, { store: scratch.folder, onArrival: options.onArrival });
  const end = async () => {
    halt();
    await environments.stop();
    scratch.remove();
  };
  const server = await serve(cloud, {
    port,
    currentInvocation,
    afterStep: advance,
    onBug,
    routes: [deployments.route, regionsRoute(cloud)],
    about: { ...(name === undefined ? {} : { name }), isolation, deploy: deployments.route.path },
  }).catch(async (error) => {
    await end();
    throw error;
  });
  return {
    cloud,
    seed,
    used: enforced.used,
    endpoint: server.endpoint,
    deploy: deployments.deploy,
    async stop() {
      await end();
      await server.close();
    },
  };
}
