/** Whether a configuration says of the regions what is: deployed as it is, a wrong one would switch the active region off. */
import { authorityIn, type HeldAuthority, targetIn } from './authority.ts';
import { reach } from './reach.ts';
import { type Target, UsageError } from './target.ts';

/**
 * @throws UsageError when another region has the authority than the configuration says is active, or no region answers
 */
export async function mustAgree(
  target: Target,
  { active, standby }: { readonly active: string; readonly standby: string },
): Promise<HeldAuthority | undefined> {
  const answers = await Promise.all([active, standby].map((region) => reach(() => asked(targetIn(target, region)))));
  const known = answers.filter((answer) => answer !== undefined);
  if (known.length === 0)
    throw new UsageError(`neither ${active} nor ${standby} answers; who has the authority is not known`);
  const held = known.flatMap(({ authority }) => authority ?? []).sort((a, b) => b.epoch - a.epoch)[0];
  if (held === undefined || held.region === active) return held;
  throw new UsageError(
    `the configuration says that ${active} is active, but ${held.region} has the authority, epoch ${held.epoch}: ` +
      `set regions.active to ${held.region} in bin/app.ts (regions.home stays what it is), or hand it over first: failover --to ${active}`,
  );
}

/** Before the first deployment there is no table. */
async function asked(target: Target): Promise<{ readonly authority: HeldAuthority | undefined }> {
  try {
    return { authority: await authorityIn(target) };
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return { authority: undefined };
    throw error;
  }
}
