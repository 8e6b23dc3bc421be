import type { Notes } from '../coverage.ts';

export const notes: Notes = {
  client: '@aws-sdk/client-sqs',
  neverRaised: {
    InvalidAddress:
      'a queue is found by the last part of its URL, whatever comes before; where that is no queue, it is QueueDoesNotExist',
    InvalidSecurity:
      'a request that is not signed, or not well, is refused before SQS sees it, by the errors that all services share; plain HTTP is how one speaks to loopback',
    RequestThrottled: 'there are no quotas on requests; a fault may throttle calls by the name of its choice',
    UnsupportedOperation: 'AWS names no occasion for this action',
    'SendMessageBatch!UnsupportedOperation': 'a list as the value of an attribute fails its entry, not the batch',
    KmsInvalidKeyUsage: 'there are no keys but symmetric ones for encryption',
    KmsOptInRequired: 'there is no subscription to services',
    KmsThrottled: 'there are no quotas on requests to KMS',
    'ChangeMessageVisibility!MessageNotInflight':
      'AWS answers a change after the visibility timeout with success on a standard queue, with InvalidParameterValue on a FIFO queue and after a deletion; nobody has seen this error (getmoto/moto#3586, localstack/localstack#9632)',
    'DeleteMessage!InvalidIdFormat': 'AWS deprecated it; what is no receipt handle is ReceiptHandleIsInvalid',
    'ReceiveMessage!OverLimit':
      'it comes up, with 120,000 messages in flight in a standard queue: too many for this suite; shown in test/localcloud/sqs/standard.test.ts',
  },
  differences: [
    'Errors that the model of SQS does not have carry their code as their name (`InvalidParameterValue`, `MissingParameter`), where AWS writes `InvalidParameterValueException` and `MissingRequiredParameterException` into `__type`; `error.Code` is the same.',
    'Nothing is eventual: attributes, purges, deletions and the numbers of messages hold at once, and a short poll finds whatever is there.',
    'A standard queue never delivers twice within a visibility timeout, and keeps its order but for messages that come back.',
    'A queue URL is on loopback, and names a queue of the region that the request is signed for, whatever its host says.',
    'SenderId is the ARN of the sender, or the name of the service, not the unique id of IAM.',
    'Change of visibility after the timeout, on a standard queue: AWS was recorded to answer with success; here the message is hidden anew.',
    'A receipt handle that was overtaken by a later receive never deletes; on AWS it may.',
    'Every call asks for the key of an encrypted queue: a data key is not reused for KmsDataKeyReusePeriodSeconds, so a key that is disabled is missed at once. Messages are kept in the clear.',
    'Fair queues: a message group on a standard queue is taken and given back, and changes nothing in the order.',
    'Of the quotas on policies, seven actions for AddPermission and twenty statements are kept; those on bytes, principals and conditions are not.',
    'However many messages wait behind a blocked group, the other groups are found: AWS looks for groups among the first 120,000 messages only.',
    'There is no metric SentMessageSize.',
    'The throughput of a FIFO queue has no limit, and FifoThroughputLimit changes nothing.',
    'Queues of other accounts do not exist.',
  ],
};
