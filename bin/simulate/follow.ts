/** Follows a run by the cloud's journal, as it grows. */
import { createHistorian, type History, type Line, type Outstanding, watchOutstanding } from '../../lib/proof/index.ts';
import type { Cloud } from '../../localcloud/cloud.ts';
import { pipeline } from '../domain.ts';
import { deploymentOf } from '../start/live.ts';
import type { Prepared } from '../start/prepare.ts';

export interface Followed {
  readonly history: History;
  readonly outstanding: Outstanding;
  readonly count: { readonly invocations: number; readonly coldStarts: number };
}

/** @param regions where the pipeline is active, and where it is not, if both are looked at as one */
export function follow({ journal }: Cloud, { config }: Pick<Prepared, 'config'>, regions: Regions): Followed {
  const { history, read } = createHistorian({ pipeline, deployment: deploymentOf(config), ...regions });
  const count = { invocations: 0, coldStarts: 0 };
  journal.subscribe((entry) => {
    read(entry as Line);
    if (entry.action !== 'InvocationStarted') return;
    count.invocations++;
    if (entry.input.coldStart) count.coldStarts++;
  });
  return { history, outstanding: watchOutstanding(history), count };
}

export interface Regions {
  readonly region: string;
  readonly peer?: string;
}
