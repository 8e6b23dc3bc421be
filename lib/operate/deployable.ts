/** Whether a configuration says of the regions what is: deployed as it is, a wrong one would switch the active region off. */
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { names } from '../model/names.ts';
import { authorityIn, type HeldAuthority, targetIn } from './authority.ts';
import { reach } from './reach.ts';
import { type Target, UsageError } from './target.ts';

/**
 * @param ask which regions are asked; default both
 * @throws UsageError when another region has the authority than the configuration says is active, or no region answers
 */
export async function mustAgree(
  target: Target,
  { active, standby }: { readonly active: string; readonly standby: string },
  ask: readonly string[] = [active, standby],
): Promise<HeldAuthority | undefined> {
  const answers = await Promise.all(ask.map((region) => reach(() => asked(targetIn(target, region)))));
  const known = answers.filter((answer) => answer !== undefined);
  if (known.length === 0)
    throw new UsageError(`no answer from ${ask.join(' and ')}; who has the authority is not known`);
  const held = known.flatMap(({ authority }) => authority ?? []).sort((a, b) => b.epoch - a.epoch)[0];
  if (held === undefined || held.region === active) return held;
  throw new UsageError(
    `the configuration says that ${active} is active, but ${held.region} has the authority, epoch ${held.epoch}: ` +
      `set regions.active to ${held.region} in bin/app.ts (regions.home stays what it is), or hand it over first: failover --to ${active}`,
  );
}

/**
 * A witness is given to a table when it is made. CloudFormation would find that out in the middle of the deployment.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GlobalTableWitnessGroupUpdate.html
 * @param ask which regions are asked, the first that answers says it; default both
 * @throws UsageError when the authority is kept with another witness than the configuration says, or with one and not the other
 */
export async function mustKeepWitness(
  target: Target,
  { active, standby, witness }: { readonly active: string; readonly standby: string; readonly witness?: string },
  ask: readonly string[] = [active, standby],
): Promise<void> {
  const TableName = names.authority(target.deployment);
  for (const region of ask) {
    const { dynamodb } = targetIn(target, region);
    const answer = await reach(() => unlessMissing(dynamodb.send(new DescribeTableCommand({ TableName }))));
    if (answer?.Table === undefined) continue;
    const made = answer.Table.GlobalTableWitnesses?.[0]?.RegionName;
    if (made === witness) return;
    throw new UsageError(
      `the configuration says that ${witness ?? 'no region'} is the witness, but ${TableName} was made with ${made ?? 'none'}, and that stays: ` +
        `${made === undefined ? 'leave regions.witness out' : `set regions.witness to ${made}`} in bin/app.ts; another witness takes another environment`,
    );
  }
}

const asked = async (target: Target): Promise<{ readonly authority: HeldAuthority | undefined }> => ({
  authority: await unlessMissing(authorityIn(target)),
});

/** Before the first deployment there is no table. */
const unlessMissing = <T>(answer: Promise<T>): Promise<T | undefined> =>
  answer.catch((error: Error) => {
    if (error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  });
