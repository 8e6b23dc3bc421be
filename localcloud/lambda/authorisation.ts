/** What Lambda asks of policies (Service Authorization Reference, "AWS Lambda"; Lambda Developer Guide, "Securing environment variables"). */
import { passRole } from '../iam/authorisation.ts';
import { type KeyProblem, keyNeeds } from '../kms/authorisation.ts';
import { type Asked, type Authorisation, type Needs, needsOn, type Requirement } from '../policy/demand.ts';
import { type Principal, ServiceError } from '../service.ts';
import { trustDemand } from '../sts/authorisation.ts';
import { sessionPrincipal } from '../sts/credentials.ts';
import { invalid, parseFunctionName, versionOf } from './names.ts';
import { functionPolicy } from './permissions.ts';
import type { Lambda } from './state.ts';

const stateOf = ({ cloud, region }: Asked): Lambda => cloud.state<Lambda>('lambda', region);

/** The name as it was given may be no name at all; the action refuses that itself. */
function named({ input }: Asked): { name: string; qualifier: string | undefined } {
  try {
    return parseFunctionName(input.FunctionName, input.Qualifier);
  } catch {
    return { name: String(input.FunctionName ?? '*'), qualifier: undefined };
  }
}

const functionArn = ({ region, account }: Asked, name: string): string =>
  `arn:aws:lambda:${region}:${account}:function:${name}`;

const onFunction = (asked: Asked): string => functionArn(asked, named(asked).name);

/** The mapping, and the function that it feeds as the condition key `lambda:FunctionArn` (Lambda Developer Guide, "Fine-tuning the Resources and Conditions sections of policies"). */
const onMapping =
  (action: string): Needs =>
  (asked) => {
    const { input, region, account } = asked;
    const resource = `arn:aws:lambda:${region}:${account}:event-source-mapping:${input.UUID}`;
    const keys = { 'lambda:functionarn': stateOf(asked).mappings.get(input.UUID)?.functionArn };
    return [{ action: `lambda:${action}`, resource, keys }];
  };

const tagged = ({ input }: Asked): string => String(input.Resource);

const invoke: Needs = (asked) => {
  const { name, qualifier } = named(asked);
  const found = stateOf(asked).functions.get(name);
  const policy = found && functionPolicy(found, qualifier);
  const arn = functionArn(asked, name);
  return [
    {
      action: 'lambda:InvokeFunction',
      resource: qualifier === undefined ? arn : `${arn}:${qualifier}`,
      policy: policy && JSON.stringify(policy),
    },
  ];
};

const lambdaItself = (asked: Asked): Principal => ({
  kind: 'service',
  account: asked.account,
  service: 'lambda.amazonaws.com',
});

/** Whoever gives a role must be allowed to, and Lambda must be able to take it on. */
const givingRole = (role: string | undefined, asked: Asked): readonly Requirement[] =>
  role === undefined
    ? []
    : [
        passRole(role, 'lambda.amazonaws.com'),
        {
          ...trustDemand(role, asked, lambdaItself(asked)),
          refuse: () => invalid('The role defined for the function cannot be assumed by Lambda.'),
        },
      ];

/** Whoever gives a key must be able to encrypt with it, and to let the function decrypt. */
function givingKey(asked: Asked): readonly Requirement[] {
  const { KMSKeyArn: key } = asked.input;
  if (!key) return [];
  const bound = { 'aws:lambda:FunctionArn': onFunction(asked) };
  return keyNeeds({ key, operations: ['CreateGrant', 'Encrypt'], via: 'lambda', bound, refuse: keyError }, asked);
}

/** The errors of Lambda for keys that it cannot use (API reference, Invoke). */
export function keyError({ kind, message }: KeyProblem): ServiceError {
  const codes = {
    denied: 'KMSAccessDeniedException',
    disabled: 'KMSDisabledException',
    'pending deletion': 'KMSInvalidStateException',
    missing: 'KMSNotFoundException',
  };
  return new ServiceError(codes[kind], message, { status: 502 });
}

const configure =
  (action: string): Needs =>
  (asked) => [
    { action: `lambda:${action}`, resource: onFunction(asked) },
    ...givingRole(asked.input.Role, asked),
    ...givingKey(asked),
  ];

/** Lambda looks whether the function's role may do what a poller does; it is the mapping's maker who is told. */
const createMapping: Needs = (asked) => {
  const { name, qualifier } = named(asked);
  const found = stateOf(asked).functions.get(name);
  const keys = { 'lambda:functionarn': functionArn(asked, name) };
  const asks = { action: 'lambda:CreateEventSourceMapping', resource: '*', keys };
  const role = found && versionOf(found, qualifier)?.role;
  if (role === undefined) return [asks];
  const as = sessionPrincipal(asked.account, role, 'awslambda');
  const polls = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => ({
    action: `sqs:${action}`,
    resource: String(asked.input.EventSourceArn),
    as,
    refuse: () => invalid(`The function execution role does not have permissions to call ${action} on SQS`),
  }));
  return [asks, ...polls];
};

const onFunctions = [
  ...['AddPermission', 'CreateAlias', 'DeleteAlias', 'DeleteFunction', 'DeleteFunctionConcurrency', 'GetAlias'],
  ...['GetFunction', 'GetFunctionConcurrency', 'GetFunctionConfiguration', 'GetFunctionRecursionConfig', 'GetPolicy'],
  ...[
    'ListAliases',
    'ListVersionsByFunction',
    'PublishVersion',
    'PutFunctionConcurrency',
    'PutFunctionRecursionConfig',
  ],
  ...['RemovePermission', 'UpdateAlias', 'UpdateFunctionCode'],
];

export const lambdaAuthorisation: Authorisation = {
  needs: {
    ...needsOn('lambda', onFunctions, onFunction),
    DeleteEventSourceMapping: onMapping('DeleteEventSourceMapping'),
    GetEventSourceMapping: onMapping('GetEventSourceMapping'),
    UpdateEventSourceMapping: onMapping('UpdateEventSourceMapping'),
    ...needsOn('lambda', ['ListEventSourceMappings', 'ListFunctions'], () => '*'),
    ...needsOn('lambda', ['ListTags', 'TagResource', 'UntagResource'], tagged),
    CreateEventSourceMapping: createMapping,
    CreateFunction: configure('CreateFunction'),
    Invoke: invoke,
    UpdateFunctionConfiguration: configure('UpdateFunctionConfiguration'),
  },
  refuse: (message) => new ServiceError('AccessDeniedException', message, { status: 403 }),
};
