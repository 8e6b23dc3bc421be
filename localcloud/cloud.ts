/**
 * The kernel: regions, services and the one way that every call goes, whoever makes it:
 * policies → fault hook → core → fault hook → journal → answer. It has no clock of its own: a driver
 * (`drive/live.ts`, `drive/virtual.ts`) tells it the time, takes its agenda forward and carries out its effects.
 */
import type { Gate } from './gate.ts';
import { createCopier, type Image, imageOf, type Task, takeUp, taskOf, type Work } from './image.ts';
import { createJournal, type Journal, nameOf } from './journal.ts';
import { createLinks, type Links } from './links.ts';
import {
  type Action,
  type Call,
  type Context,
  type Effect,
  type InnerCall,
  isParked,
  isServiceError,
  type Principal,
  type Service,
  ServiceError,
} from './service.ts';
import { createWaitingRoom } from './waiting.ts';
import { type Agenda, type Clock, createAgenda, createDice, type Dice } from './world.ts';

export type { Gate } from './gate.ts';

export const ACCOUNT = '123456789012';
export const administrator: Principal = { kind: 'admin', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/test` };
export const GLOBAL = 'aws-global';

export interface CloudOptions {
  readonly services: readonly Service[];
  readonly clock: Clock;
  readonly seed: string;
  readonly endpoint?: string;
  readonly gate?: Gate;
  /** The region from which somebody calls; undefined, and the default for all: from outside. */
  readonly origin?: (principal: Principal) => string | undefined;
  /** Carries out what no pure step can. */
  readonly perform: (effect: Effect) => void;
  /** A cloud at rest from which this one begins; the clock must not be behind it. */
  readonly image?: Image | undefined;
}

export interface Cloud {
  readonly journal: Journal;
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly links: Links;
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
  /**
   * What others can begin from. This cloud must not go on afterwards: the image has its states.
   * @throws Error while a request from outside is under way
   */
  image(): Image;
}

export function createCloud(options: CloudOptions): Cloud {
  const { clock, perform, gate = {}, image } = options;
  const services = new Map(options.services.map((service) => [service.name, service]));
  const states = new Map<string, unknown>();
  const regions: string[] = [...(image?.regions ?? [])];
  const journal = createJournal(image?.entries);
  const agenda = createAgenda<Work>();
  const copy = createCopier();
  const dice = createDice(options.seed);

  const serviceOf = (name: string): Service => {
    const service = services.get(name);
    if (service) return service;
    const there = [...services.keys()].join(', ');
    throw new ServiceError('NotImplemented', `the local cloud has no service ${name}; it has ${there}`, {
      status: 501,
    });
  };

  /** By service and region; every call asks for several, so no name is put together for it. */
  const near = new Map<Service, Map<string, unknown>>(options.services.map((service) => [service, new Map()]));
  const stateOf = (service: Service, region: string): unknown => near.get(service)!.get(region) ?? far(service, region);
  const far = (service: Service, region: string): unknown => {
    const home = service.global ? GLOBAL : region;
    if (home !== GLOBAL && !regions.includes(home)) regions.push(home);
    const key = `${service.name}/${home}`;
    let state = states.get(key);
    if (state === undefined) {
      state = image?.states.has(key) ? copy(image.states.get(key)) : service.create(home, ACCOUNT);
      states.set(key, state);
    }
    near.get(service)!.set(region, state);
    return state;
  };

  const schedule = (when: number, run: () => void, work?: Work) => {
    agenda.at(Math.max(when, clock()), run, work);
    cloud.onWork();
  };

  const waiting = createWaitingRoom({ schedule, wakes: (call) => gate.postpone?.(call, clock()) ?? clock() });

  const contextOf = (call: Call, now: number, memo: Record<string, unknown>): Context => ({
    now,
    memo,
    dice,
    region: call.region,
    account: ACCOUNT,
    principal: call.principal,
    ...(call.invocation === undefined ? {} : { invocation: call.invocation }),
    endpoint: cloud.endpoint,
    regions: () => regions,
    reaches: (region) => links.reaches(call.region, region),
    call: (inner: InnerCall) => {
      const answer = take(
        {
          service: inner.service,
          action: inner.action,
          input: inner.input,
          region: inner.region ?? call.region,
          from: call.region,
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
      const task = { call: next, memo: {} };
      schedule(gate.postpone?.(next, when) ?? when, () => takeTask(task), { task });
    },
    park: (key, until) => ({ parked: key, until }),
    wake: (key) => waiting.wake(`${call.region}/${key}`),
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
    ask: (effect) => schedule(now, () => links.allow(effect) && perform(effect)),
  });

  /** Internal steps are the cloud's own: they are not judged and not journalled; what they call and note is. */
  const takeTask = (task: Task) => {
    if (links.lost.size > 0 && links.hold(task.call.region, () => takeTask(task))) return;
    const { call, memo } = task;
    const service = serviceOf(call.service);
    const step = service.internal?.[call.action];
    if (!step) throw new Error(`${service.name} has no internal step ${call.action}`);
    const answer = step(call.input, stateOf(service, call.region), contextOf(call, clock(), memo));
    if (isParked(answer)) waiting.park(call, answer, resumptionOf(task));
  };

  const resumptionOf = (task: Task) => ({ task, resume: () => takeTask(task) });

  /** The one way of every call. */
  const take = (call: Call, now: number, memo: Record<string, unknown>): unknown => {
    const output = judged(
      call,
      () => {
        const service = serviceOf(call.service);
        if (!service.global) links.pass(call);
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
        const act = (input: unknown) => action(input ?? {}, stateOf(service, call.region), contextOf(call, now, memo));
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

  /** What the services themselves have to do when their region is lost or returns, which few have. */
  const tell = (region: string, action: 'RegionLost' | 'RegionReturned') => {
    for (const { name, internal } of services.values()) {
      if (internal?.[action]) takeTask(taskOf({ service: name, region, action, input: {} }, ACCOUNT));
    }
  };

  const links = createLinks({
    dice,
    regions,
    origin: options.origin,
    note: (region, action, input) =>
      journal.append({ at: clock(), kind: 'note', region, service: 'regions', action, principal: 'regions', input }),
    losing: (region) => tell(region, 'RegionLost'),
    lost: (region) => {
      for (const entry of waiting.all()) if (!entry.task && entry.call.region === region) waiting.timeOut(entry);
    },
    returned: (region, doHeld) => {
      tell(region, 'RegionReturned');
      if (doHeld) schedule(clock(), doHeld);
    },
  });

  const cloud: Cloud = {
    journal,
    agenda,
    dice,
    links,
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
            if (isParked(answer)) waiting.park(call, answer, { resume: attempt });
            else after(back, () => resolve(answer as any));
          } catch (error) {
            after(back + links.patience(call), () => reject(error));
          }
        };
        after(there, attempt);
      }),
    step(service, region, step, input) {
      if (links.lost.has(region)) return;
      const reported = taskOf({ service, region, action: step, input }, ACCOUNT);
      const call = gate.replace ? gate.replace(reported.call) : reported.call;
      if (call) takeTask({ ...reported, call });
    },
    advance() {
      for (let due = agenda.take(clock()); due; due = agenda.take(clock())) due.run();
    },
    onWork: () => {},
    image: () =>
      imageOf({ links, now: clock(), regions, states, journal, waiting: waiting.all(), agenda: agenda.all() }),
  };
  if (image) takeUp(image, { copy, agenda, waiting, takeTask, resumptionOf });
  return cloud;
}
