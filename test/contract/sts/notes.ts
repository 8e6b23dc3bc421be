import type { Notes } from '../coverage.ts';

export const notes: Notes = {
  client: '@aws-sdk/client-sts',
  neverRaised: {
    ExpiredTokenException:
      'it is about web identity tokens, which nobody can present: the actions that take them are refused by name',
    InvalidContextAssertionException: 'ProvidedContexts are refused by name',
    MalformedPolicyDocumentException: 'session policies are refused by name',
    PackedPolicyTooLargeException: 'session policies and session tags are refused by name',
    RegionDisabledException: 'every region is enabled',
  },
  differences: [
    'AssumeRole takes no session policies, tags, source identity, multi-factor device or contexts: each is refused by name, since ignoring it would widen what the session may do.',
    'What is no ARN of a role is AccessDenied where AWS says ValidationError: policies are asked before the request is checked.',
    'The keys of a session that is over are as unknown as any other, where AWS says ExpiredToken.',
    'Keys are drawn from the dice of the run, so a run repeats to the letter; the session token is opaque and shorter than on AWS.',
    'IssueSessionCredentials and TakeOnRole are no actions of AWS: by them the services of the local cloud act under roles. From outside they cannot be asked for.',
  ],
};
