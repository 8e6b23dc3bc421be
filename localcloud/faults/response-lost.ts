import { isServiceError } from '../service.ts';
import { noAnswer } from './errors.ts';
import type { Fault } from './fault.ts';
import { overNetwork } from './places.ts';

/**
 * A call has its effect and the answer never arrives: the duplicates that matter come from this one. SDKs call again
 * (AWS SDKs and Tools Reference Guide, "Retry behavior").
 */
export const responseLost: Fault = {
  name: 'response-lost',
  most: 0.1,
  calls: overNetwork,
  around(call, act, { struck }) {
    try {
      return act(call.input);
    } catch (error) {
      if (!isServiceError(error)) throw error;
      // A refusal is an answer too.
      struck();
      throw noAnswer();
    }
  },
  after(_call, { struck }) {
    struck();
    throw noAnswer();
  },
  travel: (_call, { between, number }) => ({ there: 0, back: number('slow') < 0.5 ? 0 : between(1, 3000, 'how slow') }),
};
