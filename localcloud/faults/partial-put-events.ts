import type { PutEventsRequest, PutEventsResponse } from '@aws-sdk/client-eventbridge';
import type { Fault } from './fault.ts';
import { overNetwork } from './places.ts';

/**
 * PutEvents answers 200 and has taken only some of the entries, or none: "If some entries fail, you must retry them"
 * (EventBridge API Reference, PutEvents).
 */
export const partialPutEvents: Fault = {
  name: 'partial-put-events',
  most: 0.3,
  calls: (caller, call) => overNetwork(caller, call) && call.action === 'PutEvents',
  around(call, act, { struck, number, pick }) {
    const { Entries = [] } = call.input as PutEventsRequest;
    const fails = Entries.map((_, index) => (index === 0 ? number('entry 0') < 0.7 : number(`entry ${index}`) < 0.5));
    if (!fails.includes(true)) return act(call.input);
    struck();
    const taken = Entries.filter((_, index) => !fails[index]);
    const answer = taken.length === 0 ? { Entries: [] } : (act({ Entries: taken }) as PutEventsResponse);
    const results = [...(answer.Entries ?? [])];
    const ErrorCode = pick(['InternalFailure', 'ThrottlingException'], 'code');
    const refused = { ErrorCode, ErrorMessage: 'the entry was not taken' };
    const merged = fails.map((failed) => (failed ? refused : results.shift()!));
    return { FailedEntryCount: merged.filter((one) => one.ErrorCode !== undefined).length, Entries: merged };
  },
};
