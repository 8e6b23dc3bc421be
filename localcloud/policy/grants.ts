/** What roles have been granted, and what of it they never used: least privilege, looked at from behind. */
import { type Cloud, GLOBAL } from '../cloud.ts';
import type { PolicyDocument } from '../iam/documents.ts';
import { policiesOf } from '../iam/policies.ts';
import type { Identities } from '../iam/state.ts';
import { type CompiledStatement, compile } from './compile.ts';
import type { UsedGrants } from './gate.ts';
import { textTest } from './texts.ts';

/** One action on one resource, as a policy writes them. */
export interface Grant {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly statement: CompiledStatement['source'];
}

/** Everything that the roles' own policies allow. */
export function grantsOf(cloud: Cloud): readonly Grant[] {
  const iam = cloud.state<Identities>('iam', GLOBAL);
  return [...iam.roles.keys()].flatMap((role) =>
    policiesOf(iam, role)!.identity.flatMap((document) => grantsIn(document, role)),
  );
}

const grantsIn = (document: PolicyDocument, role: string): readonly Grant[] =>
  compile(document).statements.flatMap(({ source, denies }) =>
    denies
      ? []
      : [source.Action ?? '*']
          .flat()
          .flatMap((action) =>
            [source.Resource ?? '*'].flat().map((resource) => ({ role, action, resource, statement: source })),
          ),
  );

/** Those of them that nobody used. */
export const unusedGrants = (cloud: Cloud, used: UsedGrants): readonly Grant[] =>
  grantsOf(cloud).filter((grant) => !isUsed(grant, used));

function isUsed({ action, resource, statement }: Grant, used: UsedGrants): boolean {
  const wild = { variables: false, wildcards: true };
  const [isAction, isResource] = [textTest(action.toLowerCase(), wild), textTest(resource, { ...wild, arn: true })];
  const noKeys = () => undefined;
  return [...(used.get(statement) ?? [])].some((one) => {
    const space = one.indexOf(' ');
    return isAction(one.slice(0, space).toLowerCase(), noKeys) && isResource(one.slice(space + 1), noKeys);
  });
}
