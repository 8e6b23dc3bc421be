/** What the loss of a region costs, on the virtual clock: the same figures on every machine. */
import { resolve } from 'node:path';
import { type DrillResult, drill } from '../../bin/drill/run.ts';
import { prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { type Figure, median } from './figures.ts';

const DAYS = 20;
/** Seconds that each table is behind at the loss, at most. */
export const LAG = 20;

export async function gameDays(): Promise<readonly Figure[]> {
  const prepared = await prepare(createSteps({ quiet: true }), { assembly: resolve('cdk.out'), shared: true });
  const results: DrillResult[] = [];
  for (let day = 0; day < DAYS; day++) results.push(await drill(prepared, { seed: `d${day}`, lag: LAG }));
  const count = (of: (one: DrillResult) => number): number => results.reduce((sum, one) => sum + of(one), 0);
  const recovery = results.map(({ objectives }) => (objectives.recoveryMs ?? Number.NaN) / 1000);
  return [
    { what: `game days, of ${DAYS}, that ended well`, value: count(({ ok }) => Number(ok)), unit: '' },
    { what: 'from the loss to the first commit in the other region', value: median(recovery), unit: 's' },
    { what: 'events that both regions committed', value: count((one) => one.committedAgain.length), unit: '' },
    {
      what: 'of these, decided otherwise, so that writes are not known',
      value: count((one) => one.committedAgain.filter(({ unknown }) => unknown).length),
      unit: '',
    },
  ];
}
