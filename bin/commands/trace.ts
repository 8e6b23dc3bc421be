import { UsageError } from '../../lib/operate/target.ts';
import { type Step, type Trace, trace } from '../../lib/operate/trace.ts';
import { type Command, table } from '../command.ts';

export const traceCommand: Command = {
  name: 'trace',
  summary: 'the whole way of an event and of all that follows from it, as a timeline',
  usage: '<correlation id, event id or entity>',
  async run({ target, positionals: [word], json }) {
    if (word === undefined) throw new UsageError('name what to trace: trace <correlation id | event id | entity>');
    const traces = await trace(target, word);
    if (json) console.log(JSON.stringify(traces.map(plain), null, 2));
    else if (traces.length === 0) console.error(`nothing is known of ${word}, neither as an event nor as an entity`);
    else console.log(traces.map(render).join('\n\n'));
    return traces.length === 0 ? 1 : 0;
  },
};

const timeOf = (at: number): string => new Date(at).toISOString();

const plain = ({ steps, ...rest }: Trace) => ({
  ...rest,
  steps: steps.map(({ at, ...step }) => ({ at: timeOf(at), ...step })),
});

function render({ correlation, steps, open, notes }: Trace): string {
  const first = steps[0]?.at ?? 0;
  return [
    `${correlation}, from ${timeOf(first)}`,
    '',
    table([
      ['after', 'stage', '', 'event', 'entity', 'what'],
      ...steps.map((step) => [
        `+${elapsed(step.at - first)}`,
        step.stage,
        step.kind,
        eventOf(step),
        step.entity ?? '',
        step.what,
      ]),
    ]),
    '',
    ...(open.length === 0
      ? ['Everything has ended.']
      : open.map(
          ({ stage, type, eventId, where }) =>
            `Not ended: ${type ?? '?'} ${eventId} at ${stage}: ${words[where] ?? where}`,
        )),
    ...notes,
  ].join('\n');
}

const words: Readonly<Record<string, string>> = {
  refused: 'refused; its letter is not there: discarded, on its way back, or in somebody’s hands',
};

const eventOf = ({ type, eventId }: Step): string => `${type ?? '?'} ${eventId ?? ''}`.trim();

const elapsed = (milliseconds: number): string =>
  milliseconds < 600_000 ? `${(milliseconds / 1000).toFixed(3)} s` : `${(milliseconds / 60_000).toFixed(1)} min`;
