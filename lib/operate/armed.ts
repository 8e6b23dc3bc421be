/**
 * Whether a region may take over by itself, where the configuration lets it (`regions.failover.automatic`): in Parameter
 * Store, where no deployment undoes it. A region goes by what is said in it.
 */
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { names } from '../model/names.ts';
import { audited } from './audit.ts';
import { type Elsewhere, elsewhere, tellElsewhere } from './elsewhere.ts';
import type { Target } from './target.ts';

/** Armed, unless somebody has disarmed it. @throws whatever Parameter Store answers */
export async function isArmed({ clientOptions, deployment }: Target): Promise<boolean> {
  try {
    const asked = new GetParameterCommand({ Name: names.armed(deployment) });
    const { Parameter } = await new SSMClient(clientOptions).send(asked);
    return Parameter?.Value !== 'false';
  } catch (error) {
    if ((error as Error).name === 'ParameterNotFound') return true;
    throw error;
  }
}

/**
 * Says whether regions may take over by themselves: in the target's, and in the others as far as they can be reached.
 * @throws UsageError without a note; whatever Parameter Store answers in the target's region
 */
export function arm(
  target: Target,
  {
    armed,
    note,
    alsoIn,
  }: { readonly armed: boolean; readonly note: string | undefined; readonly alsoIn: readonly Target[] },
): Promise<readonly Elsewhere[]> {
  const write = ({ clientOptions, deployment }: Target) =>
    new SSMClient(clientOptions).send(
      new PutParameterCommand({
        Name: names.armed(deployment),
        Type: 'String',
        Value: String(armed),
        Overwrite: true,
      }),
    );
  const what = `automatic ${armed ? 'arm' : 'disarm'}`;
  return audited(
    target,
    { what, note, on: { region: target.region } },
    {
      run: async () => {
        await write(target);
        return elsewhere(alsoIn, write);
      },
      tell: (told) => `${armed ? 'armed' : 'disarmed'}${tellElsewhere(told)}`,
    },
  );
}
