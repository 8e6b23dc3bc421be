/** The tables that a pipeline has, by their logical names. */
import { domainTablesOf } from '../model/pipeline.ts';
import type { Place } from './place.ts';

/** The platform's, those of the domain, and those of sandboxes. */
export const tablesIn = ({ pipeline, config }: Place): readonly string[] => [
  'records',
  ...domainTablesOf(pipeline),
  ...sandboxesIn(config).map((system) => `sandbox-${system}`),
];

/** The systems for which a sandbox stands in. */
export const sandboxesIn = ({ outside }: Place['config']): readonly string[] =>
  Object.entries(outside).flatMap(([system, address]) => (address === 'sandbox' ? [system] : []));
