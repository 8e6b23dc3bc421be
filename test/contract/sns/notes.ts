import type { Notes } from '../coverage.ts';

export const notes: Notes = {
  client: '@aws-sdk/client-sns',
  neverRaised: {
    ConcurrentAccessException: 'calls are taken one after the other',
    EndpointDisabledException: 'there are no endpoints of mobile applications',
    FilterPolicyLimitExceededException: 'filter policies are refused by name',
    InternalErrorException: 'nothing fails by itself; a fault may let calls fail by the name of its choice',
    InvalidSecurityException:
      'a request that is not signed, or not well, is refused before SNS sees it, by the errors that all services share; plain HTTP is how one speaks to loopback',
    InvalidStateException: 'a topic can be deleted in every state that it can have',
    KMSOptInRequired: 'there is no subscription to services',
    KMSThrottlingException: 'there are no quotas on requests to KMS',
    PlatformApplicationDisabledException: 'there are no applications of mobile platforms',
    ReplayLimitExceededException: 'replay policies are refused by name',
    StaleTagException: 'a deletion takes effect at once',
    SubscriptionLimitExceededException: 'there is no quota on subscriptions',
    TagPolicyException: 'there are no tag policies',
    TopicLimitExceededException: 'there is no quota on topics',
    ValidationException: 'AWS names no occasion beside InvalidParameterException, which is what a wrong value gets',
    'DeleteTopic!NotFoundException': 'AWS deletes a topic that does not exist with success',
    'Unsubscribe!NotFoundException': 'AWS ends a subscription that does not exist with success',
    'PublishBatch!InvalidParameterValueException': 'a wrong attribute fails its entry, not the batch',
    'UntagResource!TagLimitExceededException': 'taking tags away meets no limit',
  },
  differences: [
    'Queues listen, and addresses of mail and of the web stay pending for ever, since nobody confirms; other protocols are refused by name.',
    'FIFO topics, filter policies, redrive policies of subscriptions, messages by protocol (MessageStructure), and messages to telephones and devices are refused by name.',
    'Notifications are not signed: Signature and SigningCertURL are empty.',
    'A queue that refuses a notification loses it, with the note NotificationDropped in the journal; there is no dead-letter queue of a subscription.',
    'A failure that may pass is tried again every twenty seconds for ever, where AWS gives up after 23 days.',
    'Every call asks for the key of an encrypted topic: a data key is not reused.',
    'Nothing is eventual: a topic that is deleted takes its subscriptions along at once.',
  ],
};
