import type { Entry } from '../journal.ts';
import type { Stack, Stacks } from '../stack/state.ts';
import type { Fault } from './fault.ts';
import { atOccasion } from './occasion.ts';
import { ofRegions, operate } from './operate.ts';

/**
 * A stack is updated with other bundles of its functions while events are on their way, and then back again, as a rollback
 * would, in the midst of some function's work: what an environment of the old code has begun it ends, beside those of the new (Lambda Developer Guide, "Configuring
 * function versions"). Here all functions of the stack change at once; CloudFormation takes some seconds over them.
 */
export const stackUpdate: Fault = {
  name: 'stack-update',
  most: 0.8,
  targets: (cloud, regions) =>
    ofRegions<Stacks>(cloud, regions, 'cloudformation', ({ stacks }) =>
      [...stacks.values()].filter((stack) => assetsOf(stack).length > 0).map(({ name }) => name),
    ),
  times: 2,
  happen(target, strike) {
    const { struck, cloud, rebuilt } = strike;
    const [region, StackName] = target.split('/') as [string, string];
    // Functions are idle for most of the time; an update then is a cold start and no more.
    const atWork = { is: ({ action }: Entry) => action === 'InvocationStarted', after: [1, 200] } as const;
    atOccasion(strike, atWork, () => {
      const stack = cloud.state<Stacks>('cloudformation', region).stacks.get(StackName)!;
      const assets = assetsOf(stack);
      if (!assets.some(([, folder]) => rebuilt(folder) !== undefined)) return;
      struck();
      operate(cloud, region, 'cloudformation', 'DeployStack', {
        StackName,
        Template: withOtherVersions(stack.templateText),
        Parameters: stack.parameters,
        Assets: Object.fromEntries(assets.map(([id, folder]) => [id, rebuilt(folder) ?? folder])),
      });
    });
  },
};

/** The folders of a stack's assets, by logical id. */
const assetsOf = ({ resources }: Stack): readonly (readonly [string, string])[] =>
  [...resources.values()].flatMap(({ logicalId, asset }) => (asset === undefined ? [] : [[logicalId, asset] as const]));

/** Marks a version of rebuilt code. */
const REBUILT = 'Rebuilt';

/**
 * A published version is what the function was: other code is another version, under another id, as CDK gives it one. Without
 * it aliases would stand where they are, and nobody would run the new code. The second time it goes back.
 */
function withOtherVersions(template: string): string {
  const { Resources } = JSON.parse(template) as { Resources: Record<string, { Type: string }> };
  const versions = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Version');
  return versions.reduce((text, [id]) => {
    const other = id.endsWith(REBUILT) ? id.slice(0, -REBUILT.length) : `${id}${REBUILT}`;
    return text.replaceAll(JSON.stringify(id), JSON.stringify(other));
  }, template);
}
