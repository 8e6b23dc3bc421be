import type { Notes } from '../coverage.ts';

const network = 'functions have no VPC here';
const files = 'functions have no file systems here';
const snapshots = 'SnapStart is refused by name';
const signing = 'code signing is refused by name';
const artifacts = 'container images and code repositories are refused by name';
const providers = 'capacity providers are refused by name';
const words =
  'what can be said wrongly here is refused as AWS refuses it, by ResourceNotFoundException or ValidationException';
const atOnce = 'changes take effect at once, so none is ever in progress';

export const notes: Notes = {
  client: '@aws-sdk/client-lambda',
  neverRaised: {
    TooManyRequestsException:
      'the local cloud limits no rate of requests; only Invoke has it, for reserved concurrency',
    ResourceConflictException: atOnce,
    ResourceInUseException: atOnce,
    ResourceNotReadyException: 'a function is active as soon as it is created',
    InvalidParameterValueException: words,
    'CreateFunction!ResourceNotFoundException':
      'what it may name besides (layers, keys) is refused by name or not read',
    'CreateEventSourceMapping!ResourceNotFoundException':
      'a function or a queue that is not there is an InvalidParameterValueException, here as on AWS',
    AliasLimitExceededException: 'there may be as many aliases as one likes',
    CodeStorageExceededException: 'there may be as much code as one likes',
    CodeSigningConfigNotFoundException: signing,
    CodeVerificationFailedException: signing,
    InvalidCodeSignatureException: signing,
    CodeArtifactUserDeletedException: artifacts,
    CodeArtifactUserFailedException: artifacts,
    CodeArtifactUserPendingException: artifacts,
    FunctionVersionsPerCapacityProviderLimitExceededException: providers,
    DurableExecutionAlreadyStartedException: 'durable functions are refused by name',
    ModeNotSupportedException: 'durable functions are refused by name',
    NoPublishedVersionException: providers,
    EC2AccessDeniedException: network,
    EC2ThrottledException: network,
    EC2UnexpectedException: network,
    ENILimitReachedException: network,
    ENINotReadyException: network,
    InvalidSecurityGroupIDException: network,
    InvalidSubnetIDException: network,
    SubnetIPAddressLimitReachedException: network,
    EFSIOException: files,
    EFSMountConnectivityException: files,
    EFSMountFailureException: files,
    EFSMountTimeoutException: files,
    S3FilesMountConnectivityException: files,
    S3FilesMountFailureException: files,
    S3FilesMountTimeoutException: files,
    InvalidRuntimeException: 'a runtime that cannot be run is refused when the function is created',
    InvalidZipFileException: 'a file that cannot be unzipped is refused when it is uploaded',
    PublicPolicyException: 'public access is not blocked here',
    RecursiveInvocationException: 'recursive loops are not detected',
    SerializedRequestEntityTooLargeException:
      'a request has the size of its payload, which RequestTooLargeException limits',
    ServiceQuotaExceededException: 'the local cloud has none of the quotas that it tells',
    SnapStartException: snapshots,
    SnapStartNotReadyException: snapshots,
    SnapStartRegenerationFailureException: snapshots,
    SnapStartTimeoutException: snapshots,
    UnsupportedMediaTypeException: 'the type of the body is not looked at: it must be JSON',
  },
  differences: [
    'A function is Active, and a change of it or of a mapping in force, as soon as the call is answered.',
    'Only runtimes of Node.js run; code comes in the request (`ZipFile`), in a template (`ZipFile`), or lies in a folder (`LocalPath`, an extension); buckets, layers and images are refused by name.',
    'Uploaded code is one CommonJS file, that of the handler; it cannot read its own package or import the AWS SDK that AWS’s runtimes contain.',
    'A function has two execution environments at most (an option of the drivers); what finds both busy waits and is not throttled, unless the function has reserved concurrency.',
    'That the role of a function can be assumed by Lambda is not asked when the function is created.',
    'Environment variables are kept in the clear; of a customer’s key it is asked whether the role of the function may decrypt with it, once per environment. AWS makes a grant to the role for this; here its policy must allow it.',
    'A handler whose promise nothing can settle any more fails at once in a process (Runtime.NodeJsExit, as on AWS); in a worker thread or a sandbox it is ended when its time is up.',
    'A syntax error in code is a `SyntaxError`, not `Runtime.UserCodeSyntaxError`.',
    'A sandbox of the virtual clock has no limit of memory and cannot end a handler that never yields; a worker thread has both.',
    'Event source mappings are of SQS only, poll with one poller, and refuse FilterCriteria and provisioned mode by name.',
    'Whether a function may go round in circles is kept and told; none is stopped after sixteen rounds, as Lambda does where it is `Terminate`.',
    'A mapping tells a LastProcessingResult, which AWS does for streams only.',
    'Retries of asynchronous invocations, and their age, cannot be configured; there are no destinations or dead-letter queues of functions.',
    'Of an alias with weights, each invocation draws its version from the dice of the run; metrics have no dimension for the version that ran.',
    'GetFunction’s Code.Location is a data URL with the uploaded file, or a file URL.',
  ],
};
