/**
 * The kernel: regions, services and the one way that every call goes, whoever makes it:
 * policies → fault hook → core → fault hook → journal → answer. It has no clock of its own: a driver
 * (`drive/live.ts`, `drive/virtual.ts`) tells it the time, takes its agenda forward and carries out its effects.
 */

import { createJournal, type Journal, nameOf } from './journal.ts';
import {
  type Action,
  type Call,
  type Context,
  type Effect,
  type InnerCall,
  isParked,
  isServiceError,
  type Parked,
  type Principal,
  type Service,
  ServiceError,
} from './service.ts';
import { type Agenda, type Clock, createAgenda, createDice, type Dice } from './world.ts';

export const ACCOUNT = '123456789012';
export const administrator: Principal = { kind: 'admin', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/test` };
export const GLOBAL = 'aws-global';

/** Where policies and faults hold on to a call. `before` and `authorise` refuse by throwing; `after` may turn an answer into a loss. */
export interface Gate {
  authorise?(call: Call, cloud: Cloud): void;
  before?(call: Call): void;
  after?(call: Call): void;
  /** Carries a call out in another way than by `act` alone: with part of its input, with part of the answer. */
  around?(call: Call, act: (input: unknown) => unknown): unknown;
  /** By how many milliseconds a request from outside comes late, and its answer, or the loss of it, after that. */
  travel?(call: Call): { readonly there: number; readonly back: number } | undefined;
  /** When an internal step is taken that was to be taken at `when`; not before. */
  postpone?(step: Call, when: number): number;
  /** The step that is taken in place of one that a driver reports; undefined if none is. */
  replace?(step: Call): Call | undefined;
}

export interface CloudOptions {
  readonly services: readonly Service[];
  readonly clock: Clock;
  readonly seed: string;
  readonly endpoint?: string;
  readonly gate?: Gate;
  /** Carries out what no pure step can. */
  readonly perform: (effect: Effect) => void;
}

export interface Cloud {
  readonly journal: Journal;
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly seed: string;
  endpoint: string;
  now(): number;
  regions(): readonly string[];
  /** The state of a service; created, with its region, when first used. */
  state<State>(service: string, region: string): State;
  /** Makes a call from outside: resolves with the answer, however long the call is parked; rejects with a ServiceError. */
  request<Output = any>(call: Call): Promise<Output>;
  /** Takes an internal step from outside the cores, as a driver does to report how an invocation ended. */
  step(service: string, region: string, step: string, input: unknown): void;
  /** Takes all that is due by now; a driver calls it. */
  advance(): void;
  /** Called whenever there is something new on the agenda; the live driver sets its timer by it. */
  onWork: () => void;
}

interface Waiting {
  readonly call: Call;
  readonly key: string;
  readonly until: number;
  readonly resume: () => void;
  done: boolean;
}

export function createCloud(options: CloudOptions): Cloud {
  const { clock, perform, gate = {} } = options;
  const services = new Map(options.services.map((service) => [service.name, service]));
  const states = new Map<string, unknown>();
  const regions: string[] = [];
  const waiting = new Map<string, Waiting[]>();
  const journal = createJournal();
  const agenda = createAgenda();
  const dice = createDice(options.seed);

  const serviceOf = (name: string): Service => {
    const service = services.get(name);
    if (service) return service;
    throw new ServiceError(
      'NotImplemented',
      `the local cloud has no service ${name}; it has ${[...services.keys()].join(', ')}`,
      {
        status: 501,
      },
    );
  };

  const stateOf = (service: Service, region: string): unknown => {
    const home = service.global ? GLOBAL : region;
    if (home !== GLOBAL && !regions.includes(home)) regions.push(home);
    const key = `${service.name}/${home}`;
    if (!states.has(key)) states.set(key, service.create(home, ACCOUNT));
    return states.get(key);
  };

  /** Puts a call aside; it runs anew when its key is woken or its time is up, whichever is first. */
  const parkCall = (call: Call, parked: Parked, resume: () => void) => {
    const entry: Waiting = {
      call,
      key: `${call.region}/${parked.parked}`,
      until: parked.until,
      resume,
      done: false,
    };
    const queue = waiting.get(entry.key);
    if (queue) queue.push(entry);
    else waiting.set(entry.key, [entry]);
    if (parked.until === Number.POSITIVE_INFINITY) return;
    schedule(parked.until, () => {
      if (entry.done) return;
      const rest = (waiting.get(entry.key) ?? []).filter((other) => other !== entry);
      if (rest.length > 0) waiting.set(entry.key, rest);
      else waiting.delete(entry.key);
      entry.done = true;
      resume();
    });
  };

  const schedule = (when: number, run: () => void) => {
    agenda.at(Math.max(when, clock()), run);
    cloud.onWork();
  };

  const wake = (key: string) => {
    const entries = waiting.get(key);
    if (!entries) return;
    waiting.delete(key);
    for (const entry of entries) {
      entry.done = true;
      schedule(gate.postpone?.(entry.call, clock()) ?? clock(), entry.resume);
    }
  };

  const contextOf = (call: Call, now: number, memo: Record<string, unknown>, service: Service): Context => ({
    now,
    memo,
    dice,
    region: call.region,
    account: ACCOUNT,
    principal: call.principal,
    ...(call.invocation === undefined ? {} : { invocation: call.invocation }),
    endpoint: cloud.endpoint,
    regions: () => regions,
    call: (inner: InnerCall) => {
      const answer = take(
        {
          service: inner.service,
          action: inner.action,
          input: inner.input,
          region: inner.region ?? call.region,
          principal: inner.as ?? call.principal,
          ...(call.invocation === undefined ? {} : { invocation: call.invocation }),
        },
        now,
        {},
      );
      if (isParked(answer))
        throw new Error(`${inner.service}.${inner.action} waits; a step can only call what answers at once`);
      return answer as any;
    },
    later: (when, step, input) => {
      const next: Call = { service: call.service, region: call.region, action: step, input, principal: call.principal };
      schedule(gate.postpone?.(next, when) ?? when, () => takeInternal(service, next));
    },
    park: (key, until) => ({ parked: key, until }),
    wake: (key) => wake(`${call.region}/${key}`),
    note: (what, facts) =>
      void journal.append({
        at: now,
        kind: 'note',
        region: call.region,
        service: call.service,
        action: what,
        principal: nameOf(call.principal),
        ...(call.invocation === undefined ? {} : { invocation: call.invocation }),
        input: facts,
      }),
    ask: (effect) => schedule(now, () => perform(effect)),
  });

  /** Internal steps are the cloud's own: they are not judged and not journalled; what they call and note is. */
  const takeInternal = (service: Service, call: Call, memo: Record<string, unknown> = {}) => {
    const step = service.internal?.[call.action];
    if (!step) throw new Error(`${service.name} has no internal step ${call.action}`);
    const answer = step(call.input, stateOf(service, call.region), contextOf(call, clock(), memo, service));
    if (isParked(answer)) parkCall(call, answer, () => takeInternal(service, call, memo));
  };

  /** The one way of every call. */
  const take = (call: Call, now: number, memo: Record<string, unknown>): unknown => {
    const output = judged(
      call,
      () => {
        const service = serviceOf(call.service);
        const action: Action<any> | undefined = service.actions[call.action];
        if (!action) {
          throw new ServiceError('NotImplemented', `the local cloud does not support ${call.service}:${call.action}`, {
            status: 501,
          });
        }
        if (!memo.parked) {
          gate.authorise?.(call, cloud);
          gate.before?.(call);
        }
        const act = (input: unknown) =>
          action(input ?? {}, stateOf(service, call.region), contextOf(call, now, memo, service));
        return gate.around && !memo.parked ? gate.around(call, act) : act(call.input);
      },
      now,
    );
    if (isParked(output)) {
      memo.parked = true;
      return output;
    }
    // First the history, then the fault: what took effect has happened, whether or not its answer arrives.
    record(call, now, { output });
    gate.after?.(call);
    return output;
  };

  const judged = (call: Call, work: () => unknown, now: number): unknown => {
    try {
      return work();
    } catch (error) {
      if (isServiceError(error)) record(call, now, { error: { code: error.code, message: error.message } });
      throw error;
    }
  };

  const record = (call: Call, at: number, outcome: { output?: unknown; error?: { code: string; message: string } }) => {
    if (outcome.error === undefined && services.get(call.service)?.unrecorded?.includes(call.action)) return;
    journal.append({
      at,
      kind: 'call',
      region: call.region,
      service: call.service,
      action: call.action,
      principal: nameOf(call.principal),
      ...(call.invocation === undefined ? {} : { invocation: call.invocation }),
      input: call.input,
      ...outcome,
    });
  };

  const cloud: Cloud = {
    journal,
    agenda,
    dice,
    seed: options.seed,
    endpoint: options.endpoint ?? 'http://127.0.0.1:4566',
    now: clock,
    regions: () => regions,
    state: <State>(service: string, region: string) => stateOf(serviceOf(service), region) as State,
    request: (call) =>
      new Promise((resolve, reject) => {
        const memo: Record<string, unknown> = {};
        const { there = 0, back = 0 } = gate.travel?.(call) ?? {};
        const after = (delay: number, arrive: () => void) => {
          if (delay > 0) schedule(clock() + delay, arrive);
          else arrive();
        };
        const attempt = () => {
          try {
            const answer = take(call, clock(), memo);
            if (isParked(answer)) parkCall(call, answer, attempt);
            else after(back, () => resolve(answer as any));
          } catch (error) {
            after(back, () => reject(error));
          }
        };
        after(there, attempt);
      }),
    step(service, region, step, input) {
      const principal: Principal = { kind: 'service', account: ACCOUNT, service: `${service}.amazonaws.com` };
      const reported: Call = { service, region, action: step, input, principal };
      const taken = gate.replace ? gate.replace(reported) : reported;
      if (taken) takeInternal(serviceOf(service), taken);
    },
    advance() {
      for (let due = agenda.take(clock()); due; due = agenda.take(clock())) due.run();
    },
    onWork: () => {},
  };
  return cloud;
}
