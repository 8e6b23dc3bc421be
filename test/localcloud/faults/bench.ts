/** Faults on a cloud of one's own, with a function's calls made by hand. */
import { createCloud } from '../../../localcloud/cloud.ts';
import type { Fault, Firing } from '../../../localcloud/faults/fault.ts';
import { createInjector, type InjectorOptions } from '../../../localcloud/faults/injector.ts';
import { type Call, type Effect, isServiceError, type Service } from '../../../localcloud/service.ts';
import { createDice } from '../../../localcloud/world.ts';

export const REGION = 'eu-west-1';

export interface Bench {
  readonly seed?: string;
  readonly faults: readonly Fault[];
  /** Default 1: at every place. */
  readonly probability?: number;
  readonly plan?: readonly Firing[];
  readonly services?: readonly Service[];
  /** Whether the faults begin at once; default true. */
  readonly begin?: boolean;
  readonly perform?: (effect: Effect) => void;
  readonly options?: Partial<InjectorOptions>;
}

/** A service that does whatever it is asked for, and remembers it. */
export function obliging(name: string, answers: Record<string, (input: any) => unknown> = {}) {
  const done: { action: string; input: any }[] = [];
  const act = (action: string) => (input: any) => {
    done.push({ action, input });
    return answers[action]?.(input) ?? {};
  };
  const known = ['GetItem', 'PutItem', 'PutEvents', 'SendMessage', 'SendMessageBatch', 'BatchGetItem', 'Decrypt'];
  const names = [...new Set([...known, 'TransactWriteItems', 'DeleteMessageBatch', ...Object.keys(answers)])];
  const service: Service = {
    name,
    create: () => ({}),
    actions: Object.fromEntries(names.map((action) => [action, act(action)])),
  };
  return { service, done };
}

export function bench(given: Bench) {
  const {
    seed = 'seed',
    faults,
    probability = 1,
    plan,
    services = [],
    begin = true,
    perform = () => {},
    options,
  } = given;
  let now = Date.UTC(2026, 0, 5, 8);
  const injector = createInjector({
    dice: createDice(seed),
    faults: faults.map((fault) => ({ fault, probability })),
    ...(plan ? { plan } : {}),
    eventOf: ({ input }) => (input as { event?: string }).event,
    ...options,
  });
  const cloud = createCloud({ services, clock: () => now, seed, gate: injector.gate, perform });
  const advance = async (milliseconds: number) => {
    const end = now + milliseconds;
    for (let due = cloud.agenda.next(); due !== undefined && due <= end; due = cloud.agenda.next()) {
      now = Math.max(now, due);
      cloud.advance();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    now = end;
  };
  // A region exists once it is used.
  for (const { name } of services) cloud.state(name, REGION);
  if (begin) injector.begin(cloud, 60_000);

  /** Makes a call as a function; says what its caller hears: an answer, the code of an error, or nothing at all. */
  const call = async (action: string, input: object = {}, changes: Partial<Call> = {}): Promise<any> => {
    let heard: unknown = 'nothing';
    cloud
      .request({
        service: 'dynamodb',
        region: REGION,
        action,
        input,
        principal: { kind: 'role', account: '1', arn: 'arn', role: 'worker', session: 'pack-parcel.0a1b2c3d' },
        invocation: 'request',
        ...changes,
      })
      .then(
        (answer) => {
          heard = answer;
        },
        (error) => {
          if (!isServiceError(error)) throw error;
          heard = error.code;
        },
      );
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (heard === 'nothing') await advance(200_000);
    return heard;
  };
  return { cloud, injector, call, advance, now: () => now };
}
