import type { Notes } from '../coverage.ts';

const unmanaged =
  'no AWS service makes rules of its own here, so no rule is managed; Force is accepted and changes nothing';

export const notes: Notes = {
  client: '@aws-sdk/client-eventbridge',
  neverRaised: {
    InternalException: 'EventBridge itself does not fail; a fault may make a call fail by the name of its choice',
    ConcurrentModificationException: 'calls are worked off one after the other: none sees another half done',
    ManagedRuleException: unmanaged,
    OperationDisabledException: 'every action is available in every region',
    'CreateEventBus!InvalidStateException':
      'it is about partner event sources, which are refused by name (EventSourceName)',
    'CreateEventBus!ResourceNotFoundException':
      'it is about partner event sources, which are refused by name (EventSourceName)',
    'CreateArchive!LimitExceededException': 'there is no quota on archives',
    'UpdateArchive!LimitExceededException': 'there is no quota on archives',
    'DescribeArchive!ResourceAlreadyExistsException': 'nothing is created; AWS names no occasion either',
    'StartReplay!InvalidEventPatternException':
      'a replay has no pattern; the rules that it goes through had theirs checked',
  },
  differences: [
    'Targets are SQS queues, SNS topics and event buses; every other kind is refused by name with NotImplemented, as are scheduled rules, API destinations, connections, partner event sources, global endpoints and Custom Event Bus V2.',
    'An event is delivered once to each target; AWS may deliver it more often.',
    'Everything holds at once: a rule that was just put, enabled or deleted counts for the next event. On AWS it may take a while.',
    'An event is in an archive within ten seconds in four cases of five, and else within ten minutes, by the dice; AWS says only to wait ten minutes before a replay. Under the wall clock it takes five seconds at most.',
    'Failed deliveries are repeated after 0.75 to 1 second, doubled each time up to 512 seconds; AWS says only that it waits exponentially with jitter.',
    'The texts in which unfitting members of a target are refused are recorded only in part: AWS may word them otherwise.',
    'Buses of other accounts do not exist; a policy may name other accounts, and nobody comes from there.',
    'The throughput of PutEvents and of targets has no quota, and nothing is throttled unless a fault says so.',
    'Tokens of lists are positions: what is added or removed between two pages shifts them.',
  ],
};
