/** Money that is moved and booked: a stage whose events are numbered, for tests of what waits in a line. */
import * as v from 'valibot';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { event } from '../../../lib/model/event.ts';
import { stage } from '../../../lib/model/stage.ts';
import { eventOf, invocation, type Message } from './workbench.ts';

const schema = v.object({ account: v.string(), cents: v.number() });
export const moved = event('money.moved', { schema, entity: ({ account }) => account });
export const booked = event('money.booked', { schema, entity: ({ account }) => account });
export const book = stage('book', { accepts: [moved], emits: [booked] });

/** The event with this place in the line of an account; it moves as many cents. */
export const nth = (number: number, account = 'a'): Message => ({
  event: {
    ...eventOf(moved, `${account}${number}`, moved({ account, cents: number })),
    sequence: `book=7.${number}`,
  } as CloudEvent,
});

/** Half of its time is over when it begins. (The first to ask is middy, the second whoever looks for the half.) */
export const short = () => {
  let asked = 0;
  return { ...invocation(), getRemainingTimeInMillis: () => (asked++ === 1 ? 0 : 10_000) };
};
