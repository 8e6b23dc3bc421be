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
export function inputFor(target: Target, event: BusEvent, rule: Pick<Rule, 'arn' | 'name'>): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) {
    const part = follow(jsonPath(target.InputPath)!, event.envelope);
    if (part === undefined)
      throw new Failure('INVALID_JSON', `InputPath ${target.InputPath} finds nothing in the event`);
    return JSON.stringify(part);
  }
  if (target.InputTransformer !== undefined) {
    const text = transform(target.InputTransformer, event, rule);
    if (!isJson(text)) throw new Failure('INVALID_JSON', 'The InputTransformer made of this event what is not JSON');
    return text;
  }
  return textOf(event);
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
