import type { Notes } from '../coverage.ts';

export const notes: Notes = {
  client: '@aws-sdk/client-cloudwatch-logs',
  neverRaised: {
    ServiceUnavailableException:
      'CloudWatch Logs is always there; a fault may make a call fail by the name of its choice',
    OperationAbortedException: 'calls are worked off one after the other: none sees another half done',
    'CreateLogGroup!LimitExceededException': 'there is no quota on log groups (AWS has a million in a region)',
    'PutLogEvents!DataAlreadyAcceptedException':
      'AWS itself has not raised it since 2023: a batch that comes twice is kept twice (API reference, PutLogEvents)',
    'PutLogEvents!InvalidSequenceTokenException':
      'AWS itself has not raised it since 2023: any sequence token is accepted (API reference, PutLogEvents)',
    'PutLogGroupDeletionProtection!InvalidOperationException':
      'every log group can be protected; AWS names no occasion',
  },
  differences: [
    'Everything can be read at once, and times and bytes of groups and streams are up to date; AWS is up to an hour behind.',
    'Log groups are of the class STANDARD; others are refused by name, as are subscription filters, metric filters, Insights queries, export tasks, resource policies, data protection and live tail.',
    'Filter patterns of columns (`[ip, user, …]`) are refused by name. Regular expressions are those of JavaScript, of which AWS takes a small part.',
    'FilterLogEvents searches all of the streams at once: the last page has no token. AWS often hands out a token that leads to an empty page.',
    'Events disappear when their retention is over; AWS takes up to 72 hours longer.',
    'Events of one batch beyond the limits are told and left out; nothing else is ever lost.',
    'Tokens do not expire; AWS forgets them after 24 hours.',
    'Log lines are kept in the clear; the key of a group is asked for only when it is associated.',
    'Metrics in the embedded metric format are published for every log group.',
  ],
};
