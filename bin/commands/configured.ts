import type { PipelineConfig } from '../../lib/infra/config.ts';
import type { Deployment } from '../../lib/model/names.ts';
import { targetIn } from '../../lib/operate/authority.ts';
import type { Target } from '../../lib/operate/target.ts';
import type { Input } from '../command.ts';

/** What `bin/app.ts` says of an environment; undefined for one that it does not know. Loaded when it is asked for: it takes half a second. */
export async function configured({ environment }: Deployment): Promise<PipelineConfig | undefined> {
  const { environments } = await import('../app.ts');
  return Object.values(environments).find((config) => config.environment === environment);
}

/** The same pipeline in its other regions, for what is written there too; none where `--only-here` says so. */
export async function otherRegions({ target, options }: Pick<Input, 'target' | 'options'>): Promise<readonly Target[]> {
  if (options['only-here'] === true) return [];
  const config = await configured(target.deployment);
  const all = config === undefined ? [] : [config.regions.active, config.regions.standby];
  return all.filter((region) => region !== target.region).map((region) => targetIn(target, region));
}

export const onlyHere = { help: 'write the setting in this region alone', flag: true } as const;
