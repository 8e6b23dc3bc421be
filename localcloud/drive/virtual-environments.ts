/** Execution environments as sandboxes in this thread. */
import type { Cloud } from '../cloud.ts';
import type { Effect } from '../service.ts';
import { type DirectAnswer, type DirectRequest, targetOf } from '../wire/direct.ts';
import type { WireRequest, WireResponse } from '../wire/message.ts';
import type { Latency } from './latency.ts';
import { exitError, type Start } from './runtime.ts';
import { evaluateBundle } from './sandbox/bundle.ts';
import type { Lane } from './sandbox/lane.ts';
import { origin } from './sandbox/origin.ts';
import { createSandbox, type Sandbox } from './sandbox/sandbox.ts';
import type { Ask } from './sandbox/scene.ts';
import type { Send } from './sandbox/transport.ts';
import { evaluateShared } from './shared/evaluate.ts';

export interface VirtualEnvironmentsOptions {
  readonly cloud: Cloud;
  readonly latency: Latency;
  readonly skew?: (environment: string) => number;
  readonly libraries?: 'deployed' | 'shared' | undefined;
  readonly answer: (request: WireRequest) => Promise<WireResponse>;
  readonly answerDirect: (request: DirectRequest) => Promise<DirectAnswer>;
}

export interface VirtualEnvironments {
  perform(effect: Effect): void;
  /** Ends an environment at once; Lambda is told unless it is to find out by the timeout. */
  kill(environment: string, manner: 'exit' | 'hang', how?: string): void;
  stop(): void;
}

export function createVirtualEnvironments(options: VirtualEnvironmentsOptions): VirtualEnvironments {
  const { cloud, latency } = options;
  const sandboxes = new Map<string, { readonly sandbox: Sandbox; readonly region: string }>();

  /** Steps are taken by the agenda, never in the midst of what reports them. */
  const report = (region: string, step: string, input: object) =>
    cloud.agenda.at(cloud.now(), () => cloud.step('lambda', region, step, input));

  /**
   * A request that was sent arrives, whatever becomes of its sender: only the answer depends on the lane. That is what
   * makes a crash exact: it is an answer that never comes.
   */
  const carry = <Answer>(
    { functionName }: Start,
    lane: Lane,
    by: { readonly answer: () => Promise<Answer>; readonly arrived: (answer: Answer) => void },
  ) => {
    const deliver = (answer: Answer) =>
      lane.at(cloud.now() + latency('answer', functionName, cloud.dice), () => by.arrived(answer));
    cloud.agenda.at(cloud.now() + latency('request', functionName, cloud.dice), () => void by.answer().then(deliver));
  };

  const sendFor =
    (start: Start) =>
    (lane: Lane): Send =>
    (request, arrived) => {
      noteOutlived(start.environment, request.headers['x-amz-target'] ?? `${request.method} ${request.path}`);
      carry(start, lane, { answer: () => options.answer(request), arrived });
    };

  const askFor =
    (start: Start) =>
    (lane: Lane): Ask =>
    (request, arrived) => {
      noteOutlived(start.environment, targetOf(request));
      carry(start, lane, { answer: () => options.answerDirect(request), arrived });
    };

  /** A call by code of an invocation that has ended: Lambda cannot tell, and counts it to the one that runs by then. */
  const noteOutlived = (environment: string, call: string) => {
    const from = origin.getStore()?.requestId;
    const { sandbox, region } = sandboxes.get(environment) ?? {};
    if (from === undefined || !sandbox || sandbox.requestId === from) return;
    cloud.journal.append({
      at: cloud.now(),
      kind: 'note',
      region: region!,
      service: 'lambda',
      action: 'CallOutlivedInvocation',
      principal: 'lambda.amazonaws.com',
      input: {
        function: sandbox.functionName,
        environment,
        requestId: from,
        during: sandbox.requestId,
        call,
      },
    });
  };

  const start = (effect: Start) => {
    const { environment, region, functionName } = effect;
    const sandbox = createSandbox({
      start: effect,
      dice: cloud.dice,
      endpoint: cloud.endpoint,
      evaluate: options.libraries === 'shared' ? evaluateShared : evaluateBundle,
      now: cloud.now,
      skew: options.skew?.(environment) ?? 0,
      at: cloud.agenda.at,
      send: sendFor(effect),
      ask: askFor(effect),
      report: (step, input) => {
        if (step === 'EnvironmentExited' || step === 'EnvironmentFailed') sandboxes.delete(environment);
        report(region, step, { environment, ...input });
      },
    });
    sandboxes.set(environment, { sandbox, region });
    const ready = cloud.now() + latency('start', functionName, cloud.dice);
    cloud.agenda.at(ready, () => {
      if (sandboxes.has(environment)) sandbox.load();
    });
  };

  const drop = (environment: string) => {
    const dropped = sandboxes.get(environment);
    sandboxes.delete(environment);
    dropped?.sandbox.kill();
    return dropped;
  };

  return {
    perform(effect) {
      if (effect.kind === 'start') start(effect);
      else if (effect.kind === 'stop') drop(effect.environment);
      else sandboxes.get(effect.environment)?.sandbox.invoke(effect);
    },
    kill(environment, manner, how) {
      const killed = drop(environment);
      if (!killed || manner === 'hang') return;
      const { sandbox, region } = killed;
      const error = exitError(sandbox.requestId, how);
      report(region, 'EnvironmentExited', { environment, error, lines: sandbox.takeLines() });
    },
    stop() {
      for (const environment of [...sandboxes.keys()]) drop(environment);
    },
  };
}
