import type { PipelineConfig } from '../../lib/infra/config.ts';
import type { Deployment } from '../../lib/model/names.ts';

/** What `bin/app.ts` says of an environment; undefined for one that it does not know. Loaded when it is asked for: it takes half a second. */
export async function configured({ environment }: Deployment): Promise<PipelineConfig | undefined> {
  const { environments } = await import('../app.ts');
  return Object.values(environments).find((config) => config.environment === environment);
}
