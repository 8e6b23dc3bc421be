/** A role with customer-managed policies of its own, mostly one, which nothing can widen afterwards. */
import {
  type IPrincipal,
  type IRole,
  ManagedPolicy,
  PolicyDocument,
  type PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { names } from '../model/names.ts';
import { pascalCase } from './construct-id.ts';
import type { Place } from './place.ts';

export interface ConfinedRoleOptions {
  readonly place: Place;
  /** Whose role it is: a stage, or a part of the platform. */
  readonly who: string;
  readonly description: string;
  readonly assumedBy: IPrincipal;
  readonly statements: readonly PolicyStatement[];
  /**
   * Besides, in policies of their own, by what comes behind the role's name in theirs; default none. IAM takes 6,144
   * characters for a policy, and ten policies for a role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
   */
  readonly further?: Readonly<Record<string, readonly PolicyStatement[]>> | undefined;
}

/** The IAM limit on a role's name. */
const longest = 64;

export class ConfinedRole extends Construct {
  /** Deaf to grants: CDK would otherwise add to it whatever a convenience thinks it needs. */
  readonly role: IRole;
  /** What uses the role must wait for them; CloudFormation would only wait for the role. */
  readonly policies: readonly ManagedPolicy[];

  constructor(scope: Construct, id: string, options: ConfinedRoleOptions) {
    super(scope, id);
    const { place, who, description, assumedBy, statements, further = {} } = options;
    // Roles and policies are global to the account, hence the region in their names.
    const name = names.role(place.deployment, who, place.region);
    if (name.length > longest) {
      throw new Error(
        `the role of ${who} would be named ${name}, ${name.length} characters; IAM allows ${longest}: shorten the name of the pipeline, the environment or the stage`,
      );
    }
    const role = new Role(this, 'Role', { roleName: name, description, assumedBy });
    // Without a description of its own: it could never be changed, for a policy under a literal name cannot be replaced.
    const policy = (part: string, managedPolicyName: string, allowed: readonly PolicyStatement[]) =>
      new ManagedPolicy(this, part, {
        managedPolicyName,
        roles: [role],
        document: new PolicyDocument({ statements: [...allowed] }),
      });
    this.policies = [
      policy('Policy', name, statements),
      ...Object.entries(further).map(([what, allowed]) => policy(pascalCase(what), `${name}-${what}`, allowed)),
    ];
    this.role = role.withoutPolicyUpdates();
  }
}
