import type { TestEventPatternRequest, TestEventPatternResponse } from '@aws-sdk/client-eventbridge';
import type { Action } from '../service.ts';
import { compilePattern, matchesEvent } from './pattern/index.ts';
import { type Events, invalid } from './state.ts';

/** What an event must have to be tested (API reference, TestEventPattern). */
const MEMBERS = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

export const testEventPattern: Action<Events, TestEventPatternRequest, TestEventPatternResponse> = (input) => {
  const event = read(input.Event ?? '');
  return { Result: matchesEvent(compilePattern(input.EventPattern ?? ''), event) };
};

function read(text: string): object {
  try {
    const event: unknown = JSON.parse(text);
    if (typeof event === 'object' && event !== null && MEMBERS.every((member) => member in event)) return event;
  } catch {
    // said below
  }
  return invalid('Parameter Event is not valid.');
}
