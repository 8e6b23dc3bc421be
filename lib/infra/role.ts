/** A role with one customer-managed policy, which nothing can widen afterwards. */
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
import type { Place } from './place.ts';

export interface ConfinedRoleOptions {
  readonly place: Place;
  /** Whose role it is: a stage, or a part of the platform. */
  readonly who: string;
  readonly description: string;
  readonly assumedBy: IPrincipal;
  readonly statements: readonly PolicyStatement[];
}

/** The IAM limit on a role's name. */
const longest = 64;

export class ConfinedRole extends Construct {
  /** Deaf to grants: CDK would otherwise add to it whatever a convenience thinks it needs. */
  readonly role: IRole;
  /** What uses the role must wait for it; CloudFormation would only wait for the role. */
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { place, who, description, assumedBy, statements }: ConfinedRoleOptions) {
    super(scope, id);
    // Roles and policies are global to the account, hence the region in their names.
    const name = names.role(place.deployment, who, place.region);
    if (name.length > longest) {
      throw new Error(
        `the role of ${who} would be named ${name}, ${name.length} characters; IAM allows ${longest}: shorten the name of the pipeline, the environment or the stage`,
      );
    }
    const role = new Role(this, 'Role', { roleName: name, description, assumedBy });
    this.policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: name,
      // Without a description of its own: it could never be changed, for a policy under a literal name cannot be replaced.
      roles: [role],
      document: new PolicyDocument({ statements: [...statements] }),
    });
    this.role = role.withoutPolicyUpdates();
  }
}
