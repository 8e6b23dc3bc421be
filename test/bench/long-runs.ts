/** Runs of the simulator that took an hour, as `test/chaos/long-runs.json` keeps them: what nobody measures anew for a page. */
import { readFileSync } from 'node:fs';

export interface LongRun {
  readonly scenario: string;
  /** The first and the last seed of a part of the line, both run. */
  readonly seeds: readonly [number, number];
  /** What was run. */
  readonly commit: string;
  /** The day on which it began. */
  readonly on: string;
  readonly minutes?: number;
  readonly invocations?: number;
  readonly violated: readonly string[];
}

export const longRuns: readonly LongRun[] = JSON.parse(
  readFileSync(new URL('../chaos/long-runs.json', import.meta.url), 'utf8'),
);

export const seedsOf = ({ seeds: [first, last] }: LongRun): number => last - first + 1;

const rowOf = (run: LongRun): string => {
  const { scenario, commit, on, minutes, invocations, violated } = run;
  const [first, last] = run.seeds;
  const figures = [seedsOf(run), invocations, invocations && minutes && invocations / minutes];
  return [
    `| ${scenario} | s${first} to s${last} | ${on}, \`${commit}\``,
    ...figures.map((figure) => (figure === undefined ? '' : Math.round(figure).toLocaleString('en'))),
    `${violated.length === 0 ? 'none' : violated.join(', ')} |`,
  ].join(' | ');
};

/** A section of `docs/measurements.md`. */
export const renderLongRuns = (runs: readonly LongRun[]): string => `## Long runs of the simulator

On this machine, with two threads; kept as they were. Each seed that was violated is mended since, and in the corpus with what it taught
([0012](decisions/0012-what-the-simulator-found.md), \`test/chaos/seeds.json\`).

| scenario | seeds | run | how many | invocations | a minute | violated |
|---|---|---|---:|---:|---:|---|
${runs.map(rowOf).join('\n')}`;
