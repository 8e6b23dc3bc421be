import type { BatchGetItemCommandInput, BatchGetItemCommandOutput } from '@aws-sdk/client-dynamodb';
import type { Fault } from './fault.ts';
import { byFunction } from './places.ts';

/** BatchGetItem leaves keys out and says so: "If DynamoDB returns any unprocessed items, you should retry" (API Reference, BatchGetItem). */
export const unprocessedKeys: Fault = {
  name: 'unprocessed-keys',
  most: 0.3,
  calls: (caller, call) => byFunction(caller, call) && call.action === 'BatchGetItem',
  around(call, act, { struck, number }) {
    const input = call.input as BatchGetItemCommandInput;
    const [[table, asked] = []] = Object.entries(input.RequestItems ?? {});
    const keys = asked?.Keys ?? [];
    const left = keys.filter((_, index) => number(`key ${index}`) < 0.5);
    if (table === undefined || left.length === 0) return act(input);
    struck();
    const unprocessed = { [table]: { ...asked, Keys: left } };
    const rest = keys.filter((key) => !left.includes(key));
    if (rest.length === 0) return { Responses: { [table]: [] }, UnprocessedKeys: unprocessed };
    const answer = act({ ...input, RequestItems: { ...input.RequestItems, [table]: { ...asked, Keys: rest } } });
    return { ...(answer as BatchGetItemCommandOutput), UnprocessedKeys: unprocessed };
  },
};
