/** How firings are written and read on a command line, and what a call is about, in this pipeline's terms. */
import { names } from '../../lib/model/names.ts';
import { everyFault } from '../../localcloud/faults/catalogue.ts';
import type { Firing } from '../../localcloud/faults/fault.ts';
import type { Call } from '../../localcloud/service.ts';
import { UsageError } from '../read-options.ts';
import { deploymentOf } from '../start/live.ts';
import type { Prepared } from '../start/prepare.ts';

/** A plan as one word: firings joined by commas. */
export const writePlan = (plan: readonly Firing[]): string => plan.join(',');

export const readPlan = (text: string): readonly Firing[] => text.split(',').filter((firing) => firing !== '');

/** @throws UsageError for what is no firing of a fault that there is */
export function mustBeFiring(text: string): void {
  const [, name] = /^([^|]+)(?:\|[^|]*){3}\|[1-9]\d*$/.exec(text) ?? [];
  if (everyFault.some((fault) => fault.name === name)) return;
  throw new UsageError(
    `--plan has ${text}; allowed are firings, fault|where|action|event|occurrence, such as hang|charge|PutItem|-|1, with one of ${everyFault.map((fault) => fault.name).join(', ')}`,
  );
}

/** Names without what they all begin with: `charge-card` rather than `orders-dev-charge-card`. */
export const briefly = ({ config }: Prepared): ((name: string) => string) => {
  const prefix = `${names.base(deploymentOf(config))}-`;
  return (name) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
};

/**
 * The event that a call is about: the id in the first envelope or key that it carries. Cheap rather than complete: a
 * firing must name the same place in every run, not explain it.
 */
export function eventOf({ service, input }: Call): string | undefined {
  const asked = Object(input) as Record<string, any>;
  if (service === 'sqs') return inBody(asked.MessageBody ?? asked.Entries?.[0]?.MessageBody);
  if (service === 'events') return inBody(asked.Entries?.[0]?.Detail);
  if (service !== 'dynamodb') return undefined;
  const first = asked.TransactItems?.[0];
  const { Key, Item } = first?.Update ?? first?.Put ?? first?.Delete ?? first?.ConditionCheck ?? asked;
  const id: string | undefined = (Key ?? Item ?? Object.values<any>(asked.RequestItems ?? {})[0]?.Keys?.[0])?.id?.S;
  return id?.replace(/^[^#]*#/, '').replaceAll(/[ |,]/g, '~');
}

/** EventBridge's envelope has an id of its own; what counts is the event's, in its detail. */
function inBody(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const from = Math.max(0, text.indexOf('"detail":'));
  return /"id":"([^"|,]{1,128})"/.exec(from > 0 ? text.slice(from) : text)?.[1];
}
