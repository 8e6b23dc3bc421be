/** The ports of a stage's outside systems, each behind the system's breaker. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { breakerKey, type Deployment, names } from '../../model/names.ts';
import type { Settings } from '../../model/settings.ts';
import type { Stage } from '../../model/stage.ts';
import type { OutsideUse } from '../../model/uses.ts';
import type { Adapter } from '../calling.ts';
import { outsideAddress } from '../environment.ts';
import { type Breaking, createBreaker } from './breaker.ts';
import { createReporter } from './report.ts';
import { createStore } from './store.ts';

export interface PortsOptions {
  readonly stage: Stage;
  readonly deployment: Deployment;
  readonly dynamodb: DynamoDBClient;
  /** What holds at present. */
  readonly settings: () => Settings;
}

/** By the names under which the stage uses them. Two uses of one system share its breaker. */
export function portsOf(
  adapters: Readonly<Record<string, Adapter<any>>>,
  options: PortsOptions,
): Readonly<Record<string, unknown>> {
  const { stage, deployment, dynamodb } = options;
  const breakers = new Map<string, Breaking>();
  const ports: Record<string, unknown> = {};
  for (const [name, use] of Object.entries(stage.uses)) {
    if (use.kind !== 'outside') continue;
    const breaker = breakers.get(use.system) ?? breakerOf(use, options);
    breakers.set(use.system, breaker);
    const port = adapters[name]!({
      address: outsideAddress(use.system),
      sandboxTable: names.sandbox(deployment, use.system),
      dynamodb,
    });
    ports[name] = guarded(port, breaker);
  }
  return ports;
}

function breakerOf({ system }: OutsideUse, { stage, deployment, dynamodb, settings }: PortsOptions): Breaking {
  return createBreaker({
    system,
    settings: () => settings().breakers[system]!,
    store: createStore({ dynamodb, table: names.records(deployment), key: breakerKey(stage.name, system) }),
    report: createReporter({ stage: stage.name, system, environment: deployment.environment }),
    callTimeout: stage.timeoutSeconds * 500,
    probeTimeout: stage.timeoutSeconds * 1000,
  });
}

/** Every call of a port, through the breaker. What is no function stays as it is. */
export const guarded = <Port extends object>(port: Port, breaker: Breaking): Port =>
  // Not a proxy of the port itself, which may be frozen.
  new Proxy({} as Port, {
    get(_, name) {
      const value = Reflect.get(port, name);
      if (typeof value !== 'function') return value;
      return (...parameters: unknown[]) => breaker.call(async () => value.apply(port, parameters));
    },
  });
