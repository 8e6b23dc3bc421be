import type { Existing, Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { documentText, listChanges, pick, tagChanges } from './properties.ts';

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

const putPolicy = (RoleName: string, { PolicyName, PolicyDocument }: InlinePolicy, context: ResourceContext) =>
  context.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument: documentText(PolicyDocument) });

function attach(RoleName: string, arns: readonly string[], context: ResourceContext): void {
  for (const PolicyArn of arns) context.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
}

function detach(RoleName: string, arns: readonly string[], context: ResourceContext): void {
  for (const PolicyArn of arns) context.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn });
}

function updatePolicies(
  properties: Properties,
  { ref: RoleName, properties: before }: Existing,
  context: ResourceContext,
) {
  const managed = listChanges<string>(before.ManagedPolicyArns, properties.ManagedPolicyArns);
  attach(RoleName, managed.come, context);
  detach(RoleName, managed.gone, context);
  const wanted: InlinePolicy[] = properties.Policies ?? [];
  for (const policy of wanted) putPolicy(RoleName, policy, context);
  for (const { PolicyName } of (before.Policies ?? []) as InlinePolicy[]) {
    if (wanted.some((policy) => policy.PolicyName === PolicyName)) continue;
    context.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName });
  }
}

/** A role with its policies. `Ref` is the name. */
export const iamRole: ResourceType = {
  type: 'AWS::IAM::Role',
  properties: [
    'AssumeRolePolicyDocument',
    'Description',
    'ManagedPolicyArns',
    'MaxSessionDuration',
    'Path',
    'PermissionsBoundary',
    'Policies',
    'RoleName',
    'Tags',
  ],
  attributes: ['Arn', 'RoleId'],
  replacement: ['Path', 'RoleName'],
  named: 'RoleName',
  create(properties, context) {
    const { Role } = context.call('iam', 'CreateRole', {
      RoleName: properties.RoleName ?? context.name({ maximum: 64 }),
      AssumeRolePolicyDocument: documentText(properties.AssumeRolePolicyDocument),
      ...pick(properties, ['Description', 'MaxSessionDuration', 'Path', 'PermissionsBoundary', 'Tags']),
    });
    const standing = { ref: Role.RoleName, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
    context.made(standing);
    attach(Role.RoleName, properties.ManagedPolicyArns ?? [], context);
    for (const policy of properties.Policies ?? []) putPolicy(Role.RoleName, policy, context);
    return standing;
  },
  update(properties, existing, context) {
    const { ref: RoleName, properties: before } = existing;
    const PolicyDocument = documentText(properties.AssumeRolePolicyDocument);
    if (PolicyDocument !== documentText(before.AssumeRolePolicyDocument)) {
      context.call('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument });
    }
    const { Description = '', MaxSessionDuration = 3600, PermissionsBoundary } = properties;
    context.call('iam', 'UpdateRole', { RoleName, Description, MaxSessionDuration });
    if (PermissionsBoundary !== before.PermissionsBoundary) {
      if (PermissionsBoundary === undefined) context.call('iam', 'DeleteRolePermissionsBoundary', { RoleName });
      else context.call('iam', 'PutRolePermissionsBoundary', { RoleName, PermissionsBoundary });
    }
    updatePolicies(properties, existing, context);
    const { gone, put } = tagChanges(before.Tags, properties.Tags);
    if (gone.length > 0) context.call('iam', 'UntagRole', { RoleName, TagKeys: gone });
    if (put.length > 0) context.call('iam', 'TagRole', { RoleName, Tags: put });
    return existing;
  },
  remove({ ref: RoleName, properties }, context) {
    detach(RoleName, properties.ManagedPolicyArns ?? [], context);
    for (const { PolicyName } of (properties.Policies ?? []) as InlinePolicy[]) {
      context.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName });
    }
    context.call('iam', 'DeleteRole', { RoleName });
  },
};
