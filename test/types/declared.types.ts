/** What must not compile. `tsc` is the test: it fails where an expected error is missing. */
import * as v from 'valibot';
import { event } from '../../lib/model/event.ts';
import { pipeline } from '../../lib/model/pipeline.ts';
import { type Handler, stage } from '../../lib/model/stage.ts';
import { outside, table } from '../../lib/model/uses.ts';
import { calling } from '../../lib/runtime/calling.ts';
import { lambda } from '../../lib/runtime/lambda.ts';

const kind = <const T extends string>(type: T) =>
  event(type, { schema: v.object({ id: v.string(), cents: v.number() }), entity: ({ id }) => id });
const opened = kind('account.opened');
const credited = kind('account.credited');
const closed = kind('account.closed');

interface Mail {
  send(text: string): Promise<void>;
}
const credit = stage('credit', {
  accepts: [opened],
  emits: [credited],
  uses: { balances: table<{ cents: number }>('balances').to('add'), mail: outside<Mail>('mail') },
});
const silent = stage('silent', { accepts: [credited] });
const quiet = stage('quiet', { accepts: [opened] });
const data = { id: 'a', cents: 1 };

export const declared: Handler<typeof credit> = async ({ data: account }, { balances, mail }) => {
  balances.add(account.id, { cents: account.cents });
  await mail.send('hello');
  return [credited(account)];
};

// @ts-expect-error an event that the stage does not emit
export const undeclared: Handler<typeof credit> = () => [closed(data)];

// @ts-expect-error one undeclared event among declared ones
export const oneUndeclared: Handler<typeof credit> = () => [credited(data), closed(data)];

// @ts-expect-error any event at all from a stage that emits none
export const fromSilence: Handler<typeof silent> = () => [credited(data)];

// @ts-expect-error an event without a field that its schema requires
export const missingField: Handler<typeof credit> = () => [credited({ id: 'a' })];

export const undeclaredOperation: Handler<typeof credit> = async (_, { balances }) => {
  // @ts-expect-error a table operation that the stage did not ask for
  await balances.get('a');
  return [];
};

export const undeclaredTool: Handler<typeof credit> = (_, tools) => {
  // @ts-expect-error a tool that the stage does not use
  tools.ledger;
  return [];
};

// @ts-expect-error an operation that tables do not have
export const unknownOperation = table<{ cents: number }>('balances').to('increment');

export const patient = outside<Mail>('mail', { breaker: { openSeconds: 10, failures: 3 } });
// @ts-expect-error a setting that breakers do not have
export const unknownSetting = outside<Mail>('mail', { breaker: { retries: 3 } });

// @ts-expect-error credited is emitted, but nobody hears it
export const unheard = pipeline('bank', { entries: [opened], stages: [credit] });

// @ts-expect-error credited is accepted, but nobody says it
export const unsaid = pipeline('bank', { entries: [opened], stages: [silent] });

// @ts-expect-error credited is an entry, but nobody hears it
export const unanswered = pipeline('bank', { entries: [opened, credited], stages: [quiet] });
export const passedOn = pipeline('bank', { entries: [opened, credited], stages: [quiet], exits: [credited] });

export const whole = pipeline('bank', { entries: [opened], stages: [credit, silent] });
export const withExit = pipeline('bank', { entries: [opened], stages: [credit], exits: [credited] });

// @ts-expect-error a stage with an outside system needs its adapter
export const withoutAdapter = () => lambda(credit, declared);
export const withAdapter = () => lambda(credit, declared, calling({ mail: () => ({ send: async () => {} }) }));
// @ts-expect-error a stage without outside systems takes no adapters
export const needlessAdapter = () => lambda(silent, () => [], calling({ mail: () => ({ send: async () => {} }) }));
