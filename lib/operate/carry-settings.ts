/** Takes what operators have set along when a pipeline is handed over: Parameter Store is a region's own. */
import { reach } from './reach.ts';
import { changesBetween, PAUSED, type Stored, storedSettings, tellChanges, writeSet } from './stored-settings.ts';
import type { Target } from './target.ts';

interface Difference {
  readonly stored: Stored;
  readonly values: Stored['values'];
}

interface Ends {
  readonly from: Target;
  readonly to: Target;
  /** Whether the old region answers. It is not asked otherwise: each question to a region that is silent takes many seconds. */
  readonly reachable: boolean;
}

/** What is set in the old region and otherwise in the new; undefined where the old one cannot be asked. */
const differences = async ({ from, to, reachable }: Ends): Promise<readonly Difference[] | undefined> => {
  if (!reachable) return undefined;
  return reach(async () => {
    const [there, here] = await Promise.all([storedSettings(from), storedSettings(to)]);
    return here.flatMap((stored, index) => {
      const { values } = there[index]!;
      return changesBetween(stored.values, values).length === 0 ? [] : [{ stored, values }];
    });
  });
};

/**
 * Writes into the new region what is set in the old one. Never rejects: a hand-over does not wait for settings.
 * @param dryRun only says what it would write
 */
export async function carrySettings(
  ends: Ends,
  { dryRun }: { readonly dryRun: boolean },
): Promise<{ readonly done: boolean; readonly detail: string }> {
  const { from, to } = ends;
  try {
    const found = await differences(ends);
    if (found === undefined) {
      return { done: true, detail: `${from.region} cannot be asked what is set; what is set in ${to.region} holds` };
    }
    if (found.length === 0) return { done: true, detail: `what is set in ${from.region} is set in ${to.region}` };
    if (!dryRun) for (const { stored, values } of found) await writeSet(to, stored, values);
    const told = found.map(
      ({ stored, values }) => `${stored.stage.name} ${tellChanges(changesBetween(stored.values, values))}`,
    );
    return { done: true, detail: `as in ${from.region}: ${told.join('; ')}` };
  } catch (error) {
    const reason = (error as Error).message;
    return {
      done: false,
      detail: `${reason}; compare with config show --region ${from.region}, and set what is missing`,
    };
  }
}

/** The stages that are set to be paused. Where the settings cannot be read none is: a hand-over does not wait for them. */
export const pausedIn = (target: Target): Promise<readonly string[]> =>
  storedSettings(target).then(
    (all) => all.flatMap(({ stage, values }) => (values[PAUSED] === true ? [stage.name] : [])),
    () => [],
  );
