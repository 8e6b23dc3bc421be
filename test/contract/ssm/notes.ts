import type { Notes } from '../coverage.ts';

export const notes: Notes = {
  client: '@aws-sdk/client-ssm',
  neverRaised: {
    IncompatiblePolicyException: 'parameter policies are refused by name',
    InternalServerError: 'nothing fails by itself; a fault may let calls fail by this name',
    InvalidFilterKey: 'filters are refused by name',
    InvalidFilterOption: 'filters are refused by name',
    InvalidFilterValue: 'filters are refused by name',
    InvalidKeyId: 'parameters of type SecureString are refused by name, so no key is ever asked for',
    InvalidPolicyAttributeException: 'parameter policies are refused by name',
    InvalidPolicyTypeException: 'parameter policies are refused by name',
    ParameterLimitExceeded: 'there is no quota on parameters',
    ParameterMaxVersionLimitExceeded:
      'it is about versions with labels, which nobody can give: the action is refused by name',
    PoliciesLimitExceededException: 'parameter policies are refused by name',
    TooManyUpdates: 'calls are taken one after the other',
  },
  differences: [
    'Of Systems Manager there is Parameter Store, with parameters of type String and StringList in the standard tier; SecureString, other tiers, policies, labels and filters are refused by name.',
    'Nothing is eventual, and there is no quota on requests; a fault may throttle them.',
    'An allowed pattern is read as a regular expression of JavaScript, which is close to what AWS reads.',
  ],
};
