import type { Notes } from '../coverage.ts';

const adding = 'only what adds something can exceed a quota';
const linked = 'service-linked roles, the only ones that cannot be changed, do not exist here';
const words =
  'a malformed ARN is a ValidationError, here as on AWS, and there is nothing else about the request that could be invalid';
const owned = 'policies of AWS’s own, among which are those that cannot be attached, do not exist here';

export const notes: Notes = {
  client: '@aws-sdk/client-iam',
  neverRaised: {
    ServiceFailureException: 'the local cloud has no internal errors to tell of',
    ConcurrentModificationException: 'one request is carried out after the other',
    UnmodifiableEntityException: linked,
    PolicyNotAttachableException: owned,
    InvalidInputException: words,
    'DeletePolicy!LimitExceededException': adding,
    'DeletePolicyVersion!LimitExceededException': adding,
    'DeleteRole!LimitExceededException': adding,
    'DeleteRolePolicy!LimitExceededException': adding,
    'DetachRolePolicy!LimitExceededException': adding,
    'SetDefaultPolicyVersion!LimitExceededException': adding,
  },
  differences: [
    'There are roles and policies only: users, groups, instance profiles, identity providers and service-linked roles are refused by name.',
    'The policies of AWS’s own (`arn:aws:iam::aws:policy/…`) do not exist; to attach one is NoSuchEntity.',
    'A change is in force at once, everywhere.',
    'Ids of roles and policies follow from their names: what is deleted and made anew has its old id.',
    'GetRole does not tell when a role was last used.',
    'Whether the principals of a trust policy exist, and whether the actions of a policy do, is not asked.',
    'Only the number of versions, attached policies and tags and the sizes of documents are limited; there may be as many roles and policies as one likes.',
  ],
};
