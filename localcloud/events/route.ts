/** From a bus to its rules and archives. */
import type { Target } from '@aws-sdk/client-eventbridge';
import type { Context } from '../service.ts';
import { archive, archivesOf } from './archive-event.ts';
import type { Delivery } from './deliver.ts';
import { count } from './metrics.ts';
import { flatten, matches, type Wanted, wanted } from './pattern/index.ts';
import type { Bus, BusEvent, Events, Here, Rule } from './state.ts';

/** Hands an event to every enabled rule of the bus that it matches, or only to those named by `only`, and to the archives. */
export function route(bus: Bus, event: BusEvent, here: Here, only?: ReadonlySet<string>): void {
  bus.wanted ??= wantedOn(bus, here.state);
  const fields = flatten(event.envelope, bus.wanted);
  for (const rule of bus.rules.values()) {
    if (!rule.enabled || (only && !only.has(rule.arn)) || !matches(rule.pattern, fields)) continue;
    here.context.note('RuleMatched', { bus: bus.name, rule: rule.name, eventId: event.envelope.id });
    count(here, rule, 'MatchedEvents');
    for (const target of rule.targets.values()) start(rule, target, event, here.context);
  }
  // What is replayed is in the archive already.
  if (event.envelope['replay-name'] !== undefined) return;
  for (const one of archivesOf(here.state, bus)) {
    if (!one.pattern || matches(one.pattern, fields)) archive(one, event, here);
  }
}

function wantedOn(bus: Bus, state: Events): Wanted {
  const patterns = [...bus.rules.values(), ...archivesOf(state, bus)].map(({ pattern }) => pattern);
  return wanted(patterns.flatMap((pattern) => [...(pattern?.names ?? [])]));
}

/**
 * Milliseconds between bus and target. Each delivery draws its own, so that events overtake each other on the way:
 * EventBridge promises no order. Another region is further away.
 */
function start(rule: Rule, target: Target, event: BusEvent, context: Context): void {
  const far = target.Arn!.split(':')[3] !== context.region;
  const key = ['events.delivery', rule.arn, target.Id!, event.envelope.id] as const;
  const delay = far ? context.dice.between(30, 120, ...key) : context.dice.between(2, 30, ...key);
  const delivery: Delivery = {
    rule: { name: rule.name, arn: rule.arn, bus: rule.bus },
    target,
    event,
    attempt: 0,
    since: context.now,
  };
  context.later(context.now + delay, 'deliver', delivery);
}
