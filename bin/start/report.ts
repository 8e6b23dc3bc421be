/** What a run ends with: outcomes, latencies, what was given up and why, and the verdict. */
import { styleText } from 'node:util';
import type { History, Summary, Verdict } from '../../lib/proof/index.ts';
import { lineFor, table } from '../command.ts';

export interface Report {
  readonly summary: Summary;
  readonly verdict: Verdict;
  readonly history: History;
  /** The first line: what was done, and in what time. */
  readonly headline: string;
  /** Of the cloud, where it stays up and can still be asked. */
  readonly endpoint?: string | undefined;
}

const milliseconds = (value: number | undefined): string =>
  value === undefined ? '–' : value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`;

export function renderReport({ summary, verdict, history, headline, endpoint }: Report): string {
  const exits = [...summary.exits].map(([type, count]) => `${count} × ${type}`).join(', ');
  return [
    '',
    styleText('bold', headline),
    '',
    indent(
      table([
        ['stage', 'completed', 'dead-lettered', 'quarantined', 'p50', 'p99'],
        ...summary.stages.map(({ stage, completed, deadLettered, quarantined, latency }) => [
          stage,
          completed,
          deadLettered,
          quarantined,
          milliseconds(latency?.p50).padStart(8),
          milliseconds(latency?.p99).padStart(8),
        ]),
      ]),
    ),
    '',
    `  ${summary.entries} events came in, ${summary.repetitions} of them twice; out went ${exits || 'nothing, for the pipeline has no exits'}`,
    `  from entry to exit: p50 ${milliseconds(summary.endToEnd?.p50)}, p99 ${milliseconds(summary.endToEnd?.p99)}`,
    ...givenUp(summary, endpoint),
    ...leftOver(summary),
    '',
    `  ${styleText('bold', 'The verdict')}, from the cloud’s own journal (${history.lines} lines):`,
    ...verdict.findings.map(({ holds, claim, cases, violations }) =>
      [
        `  ${mark(holds)} ${claim}  ${styleText('dim', `${cases} cases`)}`,
        ...violations.slice(0, 10).map((one) => styleText('red', `      ${one}`)),
      ].join('\n'),
    ),
    '',
  ].join('\n');
}

/** So many are told one by one. */
const GIVEN_UP_MAX = 10;

function givenUp({ givenUp: ended }: Summary, endpoint: string | undefined): string[] {
  if (ended.length === 0) return [];
  const listed = (at: string) =>
    ` (kept, and listed by ${styleText('bold', lineFor('dlq list', at))} and ${styleText('bold', 'quarantine list')})`;
  return [
    '',
    `  Given up, with the reason${endpoint === undefined ? '' : listed(endpoint)}:`,
    ...ended
      .slice(0, GIVEN_UP_MAX)
      .map(
        ({ stage, eventId, reason, detail, by }) =>
          `    ${by === 'sequencer' ? 'quarantined' : 'dead-lettered'} at ${stage}: ${eventId}: ${reason}: ${detail.slice(0, 100)}`,
      ),
    ...(ended.length > GIVEN_UP_MAX ? [`    … ${ended.length - GIVEN_UP_MAX} more`] : []),
  ];
}

function leftOver({ leftOver: ended, sentBack }: Summary): string[] {
  return [
    ...(sentBack === 0 ? [] : ['', `  ${sentBack} dead letters were sent back to their queues.`]),
    ...(ended.length === 0
      ? []
      : [
          '',
          `  ${ended.length} messages of completed events were received too often and lie in dead-letter queues;`,
          '  sent back, they find their record and say what it decided.',
        ]),
  ];
}

const mark = (holds: true | false | 'unknown'): string =>
  holds === true
    ? styleText('green', '✔')
    : holds === false
      ? styleText('red', '✘')
      : styleText('yellow', '? (nothing to look at)');

const indent = (text: string): string => text.replaceAll(/^/gm, '  ');
