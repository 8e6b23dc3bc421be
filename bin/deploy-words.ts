/** What `npm run deploy` hands to `cdk deploy`: all stacks, or those of one region and nothing that they depend on. */
import { UsageError } from '../lib/operate/target.ts';

export interface DeployWords {
  /** The one region that is deployed; undefined for all. */
  readonly only: string | undefined;
  /** The arguments of `cdk`. */
  readonly arguments: readonly string[];
}

/**
 * @param words as they were typed; all but `--only <region>` are for `cdk deploy`
 * @param stacks what the names of all stacks begin with
 * @throws UsageError when `--only` names none of the regions
 */
export function deployWords(
  words: readonly string[],
  { stacks, regions }: { readonly stacks: string; readonly regions: readonly string[] },
): DeployWords {
  const at = words.indexOf('--only');
  if (at < 0) return { only: undefined, arguments: ['deploy', '--all', ...words] };
  const only = words[at + 1];
  if (only === undefined || !regions.includes(only))
    throw new UsageError(`--only is ${only ?? 'nothing'}; allowed are ${regions.join(' and ')}`);
  const rest = words.toSpliced(at, 2);
  return { only, arguments: ['deploy', `${stacks}-*-${only}`, '--exclusively', ...rest] };
}
