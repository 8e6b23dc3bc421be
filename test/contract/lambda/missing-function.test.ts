import {
  AddPermissionCommand,
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionRecursionConfigCommand,
  GetPolicyCommand,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { type Aws, behaviour, refused } from '../contract.ts';
import { givenFunction, zipOf } from './given.ts';

const recording =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json';

const missing = (aws: Aws) => {
  const FunctionName = aws.name('nowhere');
  const arn = `arn:aws:lambda:${aws.region}:${aws.account}:function:${FunctionName}`;
  return { FunctionName, arn };
};

behaviour(
  'a function that is not there can be neither read nor changed nor deleted',
  {
    source: recording,
    covers: [
      'lambda:GetFunction!ResourceNotFoundException',
      'lambda:GetFunctionConfiguration!ResourceNotFoundException',
      'lambda:DeleteFunction!ResourceNotFoundException',
      'lambda:UpdateFunctionCode!ResourceNotFoundException',
      'lambda:UpdateFunctionConfiguration!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const { FunctionName, arn } = missing(aws);
    const no = (call: Promise<unknown>) => refused(call, 'ResourceNotFoundException', `Function not found: ${arn}`);
    await no(aws.lambda.send(new GetFunctionCommand({ FunctionName })));
    await no(aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName })));
    await no(aws.lambda.send(new DeleteFunctionCommand({ FunctionName })));
    await no(aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipOf('') })));
    await no(aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 5 })));
  },
);

behaviour(
  'it has no versions, no aliases and no mappings',
  {
    source: recording,
    covers: [
      'lambda:PublishVersion!ResourceNotFoundException',
      'lambda:ListVersionsByFunction!ResourceNotFoundException',
      'lambda:CreateAlias!ResourceNotFoundException',
      'lambda:DeleteAlias!ResourceNotFoundException',
      'lambda:GetAlias!ResourceNotFoundException',
      'lambda:ListAliases!ResourceNotFoundException',
      'lambda:UpdateAlias!ResourceNotFoundException',
      'lambda:ListEventSourceMappings!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const { FunctionName } = missing(aws);
    const no = (call: Promise<unknown>) => refused(call, 'ResourceNotFoundException');
    await no(aws.lambda.send(new PublishVersionCommand({ FunctionName })));
    await no(aws.lambda.send(new ListVersionsByFunctionCommand({ FunctionName })));
    await no(aws.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '$LATEST' })));
    await no(aws.lambda.send(new DeleteAliasCommand({ FunctionName, Name: 'live' })));
    await no(aws.lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' })));
    await no(aws.lambda.send(new ListAliasesCommand({ FunctionName })));
    await no(aws.lambda.send(new UpdateAliasCommand({ FunctionName, Name: 'live' })));
    await no(aws.lambda.send(new ListEventSourceMappingsCommand({ FunctionName })));
  },
);

behaviour(
  'it has no policy, no concurrency and no tags',
  {
    source: recording,
    covers: [
      'lambda:AddPermission!ResourceNotFoundException',
      'lambda:RemovePermission!ResourceNotFoundException',
      'lambda:GetPolicy!ResourceNotFoundException',
      'lambda:PutFunctionConcurrency!ResourceNotFoundException',
      'lambda:GetFunctionConcurrency!ResourceNotFoundException',
      'lambda:DeleteFunctionConcurrency!ResourceNotFoundException',
      'lambda:PutFunctionRecursionConfig!ResourceNotFoundException',
      'lambda:GetFunctionRecursionConfig!ResourceNotFoundException',
      'lambda:TagResource!ResourceNotFoundException',
      'lambda:UntagResource!ResourceNotFoundException',
      'lambda:ListTags!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const { FunctionName, arn: Resource } = missing(aws);
    const no = (call: Promise<unknown>) => refused(call, 'ResourceNotFoundException');
    const permission = { StatementId: 's', Action: 'lambda:InvokeFunction', Principal: 'sns.amazonaws.com' };
    await no(aws.lambda.send(new AddPermissionCommand({ FunctionName, ...permission })));
    await no(aws.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 's' })));
    await no(aws.lambda.send(new GetPolicyCommand({ FunctionName })));
    await no(aws.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 })));
    await no(aws.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })));
    await no(aws.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName })));
    await no(aws.lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'Allow' })));
    await no(aws.lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName })));
    await no(aws.lambda.send(new TagResourceCommand({ Resource, Tags: { a: 'b' } })));
    await no(aws.lambda.send(new UntagResourceCommand({ Resource, TagKeys: ['a'] })));
    await no(aws.lambda.send(new ListTagsCommand({ Resource })));
  },
);

behaviour(
  'a function may be named in four ways; where its name says one qualifier and the request another, the request is refused',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html',
    covers: [
      'lambda:GetFunction!InvalidParameterValueException',
      'lambda:GetFunctionConfiguration!InvalidParameterValueException',
      'lambda:GetPolicy!InvalidParameterValueException',
      'lambda:RemovePermission!InvalidParameterValueException',
    ],
  },
  async (aws) => {
    const { FunctionName, FunctionArn } = await givenFunction(aws);
    const partial = `${aws.account}:function:${FunctionName}`;
    for (const name of [FunctionName, `${FunctionName}:$LATEST`, FunctionArn, partial]) {
      await aws.lambda.send(new GetFunctionCommand({ FunctionName: name }));
    }
    const two = { FunctionName: `${FunctionName}:1`, Qualifier: '2' };
    const no = (call: Promise<unknown>) =>
      refused(
        call,
        'InvalidParameterValueException',
        'The derived qualifier from the function name does not match the specified qualifier.',
      );
    await no(aws.lambda.send(new GetFunctionCommand(two)));
    await no(aws.lambda.send(new GetFunctionConfigurationCommand(two)));
    await no(aws.lambda.send(new GetPolicyCommand(two)));
    await no(aws.lambda.send(new RemovePermissionCommand({ ...two, StatementId: 's' })));
  },
);
