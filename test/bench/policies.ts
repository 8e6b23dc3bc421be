/** What enforcement costs: questions to the sample's own policies, and the sample run with and without them. */

import { pipeline } from '../../bin/domain.ts';
import { prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { createCloud } from '../../localcloud/cloud.ts';
import { judge } from '../../localcloud/policy/gate.ts';
import { services } from '../../localcloud/services.ts';
import { readAssembly } from '../../localcloud/stack/assembly.ts';
import { deploy } from '../../localcloud/stack/deploy.ts';
import { queueRows, type Row, tableRows } from '../lib/infra/matrix.ts';
import { virtualRun } from '../pipeline/virtual-run.ts';
import { type Figure, median } from './figures.ts';

const ROUNDS = 5;

export async function policies(): Promise<readonly Figure[]> {
  const prepared = await prepare(createSteps({ quiet: true }));
  const { active: region, standby: peer } = prepared.config.regions;
  const cloud = createCloud({ services, clock: () => 1_790_000_000_000, seed: 'bench', perform: () => {} });
  await deploy(cloud, readAssembly(prepared.assembly));
  const deployed = { cloud, pipeline, region, peer };
  const rows = [...queueRows(deployed), ...tableRows(deployed)];
  const ask = ({ principal, demand }: Row) => {
    judge(demand, { service: 'any', region, action: 'any', input: {}, principal }, cloud);
  };
  const evaluations = () => {
    const started = performance.now();
    for (const row of rows) ask(row);
    return (1000 * rows.length) / (performance.now() - started);
  };
  const sample = async (enforce: boolean) => {
    const started = performance.now();
    await virtualRun(prepared, { seed: 'bench', sample: 100, crashes: 0, enforce });
    return performance.now() - started;
  };
  evaluations();
  await sample(true);
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) ratios.push((await sample(false)) / (await sample(true)));
  return [
    {
      what: 'IAM evaluations: may this role do this to this queue or table',
      value: median(Array.from({ length: ROUNDS }, evaluations)),
      unit: '/s',
    },
    {
      what: 'the sample under the virtual clock: speed with policies to speed without',
      value: median(ratios),
      unit: '×',
    },
  ];
}
