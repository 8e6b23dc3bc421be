/** What a target receives of an event: all of it, a part, a constant, or something made of it. */
import type { Target } from '@aws-sdk/client-eventbridge';
import { Failure } from './failure.ts';
import { follow, jsonPath } from './json-path.ts';
import { type BusEvent, invalid, type Rule } from './state.ts';
import { checkTransformer, transform } from './transform.ts';

/** @throws ServiceError `ValidationException` */
export function checkInput(target: Target): void {
  const id = target.Id!;
  const ways = [target.Input, target.InputPath, target.InputTransformer].filter((way) => way !== undefined);
  if (ways.length > 1) invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`);
  if (target.Input !== undefined && !isJson(target.Input)) invalid(`JSON syntax error in input for target ${id}.`);
  if (target.InputPath !== undefined && !jsonPath(target.InputPath)) invalid(`Invalid InputPath for target ${id}.`);
  if (target.InputTransformer !== undefined) checkTransformer(target.InputTransformer, id);
}

/**
 * The text for a target.
 * @throws Failure `INVALID_JSON`: this event cannot be made into what the target should receive, and never will
 */
export function inputFor({ target, event, rule }: Received): string {
  if (target.InputPath !== undefined && follow(jsonPath(target.InputPath)!, event.envelope) === undefined)
    throw new Failure('INVALID_JSON', `InputPath ${target.InputPath} finds nothing in the event`);
  const text = inputText({ target, event, rule });
  if (target.InputTransformer !== undefined && !isJson(text))
    throw new Failure('INVALID_JSON', 'The InputTransformer made of this event what is not JSON');
  return text;
}

/** Of which event which target of which rule receives something. */
export interface Received {
  readonly target: Target;
  readonly event: BusEvent;
  readonly rule: Pick<Rule, 'arn' | 'name'>;
}

/** The same, whether or not it is JSON; the whole event where a path finds nothing. */
export function inputText({ target, event, rule }: Received): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputTransformer !== undefined) return transform(target.InputTransformer, event, rule);
  const part = target.InputPath === undefined ? undefined : follow(jsonPath(target.InputPath)!, event.envelope);
  return part === undefined ? textOf(event) : JSON.stringify(part);
}

/** The whole event as text, in the order of members that AWS uses; made once. */
export function textOf(event: BusEvent): string {
  if (event.text === undefined) {
    const { detail: _, ...head } = event.envelope;
    event.text = `${JSON.stringify(head).slice(0, -1)},"detail":${event.detail}}`;
  }
  return event.text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
