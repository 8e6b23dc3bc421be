import type { ResourceContext, ResourceType, Standing } from '../resource-type.ts';
import { documentText, listChanges, pick } from './properties.ts';

const ATTRIBUTES = [
  'AttachmentCount',
  'CreateDate',
  'DefaultVersionId',
  'IsAttachable',
  'PermissionsBoundaryUsageCount',
  'PolicyId',
  'UpdateDate',
];

const standing = (PolicyArn: string, context: ResourceContext): Standing => {
  const { Policy } = context.call('iam', 'GetPolicy', { PolicyArn });
  return {
    ref: PolicyArn,
    attributes: { PolicyArn, ...Object.fromEntries(ATTRIBUTES.map((name) => [name, Policy[name]])) },
  };
};

/** A customer-managed policy and what it is attached to. `Ref` is the ARN. */
export const iamManagedPolicy: ResourceType = {
  type: 'AWS::IAM::ManagedPolicy',
  properties: ['Description', 'ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles'],
  attributes: ['PolicyArn', ...ATTRIBUTES],
  replacement: ['Description', 'ManagedPolicyName', 'Path'],
  named: 'ManagedPolicyName',
  create(properties, context) {
    const { Policy } = context.call('iam', 'CreatePolicy', {
      PolicyName: properties.ManagedPolicyName ?? context.name({ maximum: 128 }),
      PolicyDocument: documentText(properties.PolicyDocument),
      ...pick(properties, ['Description', 'Path']),
    });
    context.made({ ref: Policy.Arn, attributes: {} });
    for (const RoleName of properties.Roles ?? []) {
      context.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn: Policy.Arn });
    }
    return standing(Policy.Arn, context);
  },
  update(properties, { ref: PolicyArn, properties: before }, context) {
    const PolicyDocument = documentText(properties.PolicyDocument);
    if (PolicyDocument !== documentText(before.PolicyDocument)) {
      const previous = context.call('iam', 'GetPolicy', { PolicyArn }).Policy.DefaultVersionId;
      context.call('iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true });
      // A policy has five versions at most, so the old one does not stay.
      context.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId: previous });
    }
    const { gone, come } = listChanges<string>(before.Roles, properties.Roles);
    for (const RoleName of come) context.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
    for (const RoleName of gone) context.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn });
    return standing(PolicyArn, context);
  },
  remove({ ref: PolicyArn, properties }, context) {
    for (const RoleName of properties.Roles ?? []) context.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn });
    context.call('iam', 'DeletePolicy', { PolicyArn });
  },
};
