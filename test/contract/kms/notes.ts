import type { Notes } from '../coverage.ts';

const stores = 'custom key stores are refused by name';
const states =
  'AWS’s table of key states allows it in each state that a key can have here (it fails for keys of a disconnected key store)';
const kinds = 'keys of other kinds, and replicas, of which alone it can be raised, are refused by name';

export const notes: Notes = {
  client: '@aws-sdk/client-kms',
  neverRaised: {
    DependencyTimeoutException: 'the local cloud has nothing behind KMS that could time out',
    KMSInternalException: 'the local cloud has no internal errors to tell of',
    KeyUnavailableException: 'a key is always available',
    InvalidGrantTokenException: 'grants are refused by name, and GrantTokens with them',
    UnsupportedOperationException: kinds,
    CloudHsmClusterInvalidConfigurationException: stores,
    CustomKeyStoreInvalidStateException: stores,
    CustomKeyStoreNotFoundException: stores,
    XksKeyAlreadyInUseException: stores,
    XksKeyInvalidConfigurationException: stores,
    XksKeyNotFoundException: stores,
    'CreateKey!InvalidArnException': 'whether the principals of a key policy exist is not asked',
    'DescribeKey!InvalidArnException': 'an alias is welcome, and any other wrong ARN is a NotFoundException',
    'EnableKey!LimitExceededException': 'there may be as many keys as one likes',
    'DeleteAlias!KMSInvalidStateException': states,
    'GetKeyPolicy!KMSInvalidStateException': states,
    'PutKeyPolicy!KMSInvalidStateException': states,
    'GenerateDataKey!InvalidKeyUsageException': kinds,
    'GenerateDataKeyWithoutPlaintext!InvalidKeyUsageException': kinds,
  },
  differences: [
    'Keys are symmetric, of one region, with material that KMS made: MultiRegion, other KeySpecs, usages and origins are refused by name, and so are ReplicateKey, grants, signing, random bytes and pairs of data keys.',
    'Rotation is kept and told, but the key material stays; nobody can tell the difference, on AWS neither.',
    'Of a key policy that would lock its author out only the statements that allow are looked at, without their conditions; that its principals exist is not asked.',
    'A key is gone on the second when its waiting period is over; on AWS it takes up to a day more.',
    'The key of AWS for a service (`alias/aws/sqs`) is not in the lists; the services that use one do not ask KMS.',
    'UseKey is no action of AWS: by it the services of the local cloud, which keep their data in the clear, use a key all the same. From outside it is refused.',
  ],
};
