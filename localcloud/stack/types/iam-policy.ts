import type { ResourceType } from '../resource-type.ts';
import { documentText } from './properties.ts';

/** An inline policy of each of its roles. */
export const iamPolicy: ResourceType = {
  type: 'AWS::IAM::Policy',
  properties: ['PolicyDocument', 'PolicyName', 'Roles'],
  attributes: ['Id'],
  create({ PolicyDocument, PolicyName, Roles = [] }, context) {
    const id = context.name();
    const standing = { ref: id, attributes: { Id: id } };
    context.made(standing);
    for (const RoleName of Roles) {
      context.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument: documentText(PolicyDocument) });
    }
    return standing;
  },
  update({ PolicyDocument, PolicyName, Roles = [] }, existing, context) {
    for (const RoleName of Roles) {
      context.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument: documentText(PolicyDocument) });
    }
    const { PolicyName: oldName, Roles: oldRoles = [] } = existing.properties;
    for (const RoleName of oldRoles) {
      if (oldName === PolicyName && Roles.includes(RoleName)) continue;
      context.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName: oldName });
    }
    return existing;
  },
  remove({ properties: { PolicyName, Roles = [] } }, context) {
    for (const RoleName of Roles) context.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName });
  },
};
