import type { Notes } from '../coverage.ts';

export const notes: Notes = {
  client: '@aws-sdk/client-dynamodb',
  neverRaised: {
    ContinuousBackupsUnavailableException: 'recovery can be turned on as soon as there is the table',
    InternalServerError:
      'the service does not fail by itself, but for strongly consistent tables whose region reaches no other; a fault may say so in its name',
    InvalidEndpointException: 'the SDK discovers no endpoints: it is given the one of the local cloud',
    ItemCollectionSizeLimitExceededException:
      'only tables with local secondary indexes raise it; those are refused by name',
    LimitExceededException: 'accounts have no quotas here, and a change of a table is over before the next one comes',
    ProvisionedThroughputExceededException:
      'tables are on demand and are not throttled; a fault may say so in their name',
    'BatchWriteItem!ReplicatedWriteConflictException': 'strongly consistent tables are written item by item only',
    RequestLimitExceeded: 'accounts are not throttled; a fault may say so in their name',
    ResourceInUseException: 'a change of a table is over at once, so that nobody meets a table in the midst of one',
    ThrottlingException: 'nothing is throttled; a fault may say so in its name',
  },
  differences: [
    'Every read sees the last write of its region, and indexes change with their tables. On AWS, reads that do not ask for consistency, and all reads of indexes, may be behind; a fault may make a replica lag behind here too.',
    'Tables, indexes, replicas, time to live and recovery are ready at once, though CreateTable answers CREATING and DeleteTable DELETING as on AWS. There, changes take seconds to minutes, the table is CREATING or UPDATING meanwhile, and time to live is ENABLING for up to an hour.',
    'A transaction takes 2 to 10 ms by the dice, in which it holds its items: other transactions and transactional reads of them are cancelled with TransactionConflict, single writes get TransactionConflictException, and a batch leaves them unprocessed (AWS does not say what a batch does). AWS gives no time; it also cancels a transactional read for a single write that is under way, which here takes no time.',
    'What another region wrote, and what expires, is taken up although a transaction holds the item; the transaction then judges its items anew.',
    'Expired items are deleted 5 minutes to 4 hours late by the dice; AWS says within a few days.',
    'A strongly consistent global table is written in 10 to 40 ms by the dice, in which the item is held against writes of other regions; a consistent read takes no time. Plain reads see writes of other regions after 300 to 1500 ms. Where a region reaches neither of the other two, writes and consistent reads get InternalServerError: AWS documents no code for it, and no words for what it refuses of such tables. It knows the Region sets of 2025, has no batches of writes on such tables, and changes none of their indexes; that a witness needs dynamodb:CreateGlobalTableWitness is not taken from a page that was read.',
    'Writes reach the other regions of a global table with eventual consistency after 300 to 1500 ms by the dice, each after its own; AWS says usually within a second.',
    'Tables are on demand only, and without local secondary indexes, streams to read, warm throughput, vector indexes or index keys of several attributes: each is refused by name.',
    'The conditions and updates of before 2014 (Expected, AttributeUpdates, AttributesToGet, KeyConditions, QueryFilter, ScanFilter, ConditionalOperator) are refused by name, as is PartiQL.',
    'AWS is putting "1 validation error detected: " before messages about expressions and values, region by region and action by action; here they come without. Where a message quotes the request, the quotation is shorter here.',
    'One thing wrong is reported at a time; AWS lists up to ten.',
    'An UpdateItem may make an item of up to 400 KB, as in eu-west-1; in most regions AWS counts what the update writes and is a little stricter (paritysuite/dynamodb-conformance, itemSizeBySurface).',
    'An attribute cannot be named __proto__.',
    'ApplyReplicaGroup, ApplyReplicaDeletion, ApplyReplicatedWrites, ApplyWitness, ExchangeOrderedWrites and HoldOrderedItem are no actions of AWS: they are how the regions of a global table speak to each other, and nobody else may call them.',
  ],
};
