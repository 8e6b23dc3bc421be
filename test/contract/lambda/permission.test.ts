import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { givenFunction } from './given.ts';

const page = 'https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html';
const removal = 'https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html';

const add = (aws: Aws, FunctionName: string, more: object = {}) =>
  aws.lambda.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: 'topic',
      Action: 'lambda:InvokeFunction',
      Principal: 'sns.amazonaws.com',
      ...more,
    }),
  );

behaviour(
  'a permission becomes a statement of the policy of the function',
  { source: page, covers: ['lambda:AddPermission', 'lambda:GetPolicy'] },
  async (aws) => {
    const { FunctionName, FunctionArn } = await givenFunction(aws);
    const SourceArn = `arn:aws:sns:${aws.region}:${aws.account}:t`;
    const { Statement } = await add(aws, FunctionName, { SourceArn, SourceAccount: aws.account });
    const statement = {
      Sid: 'topic',
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: FunctionArn,
      Condition: {
        StringEquals: { 'AWS:SourceAccount': aws.account },
        ArnLike: { 'AWS:SourceArn': SourceArn },
      },
    };
    expect(JSON.parse(Statement!)).toEqual(statement);
    const { Policy, RevisionId } = await aws.lambda.send(new GetPolicyCommand({ FunctionName }));
    expect(JSON.parse(Policy!)).toEqual({ Version: '2012-10-17', Id: 'default', Statement: [statement] });
    expect(RevisionId).toEqual(expect.any(String));
  },
);

behaviour('an account becomes its root', { source: page, covers: ['lambda:AddPermission'] }, async (aws) => {
  const { FunctionName } = await givenFunction(aws);
  const { Statement } = await add(aws, FunctionName, { Principal: aws.account });
  expect(JSON.parse(Statement!).Principal).toEqual({ AWS: `arn:aws:iam::${aws.account}:root` });
});

behaviour(
  'a statement id is used once, and a principal must be one',
  {
    source: page,
    covers: ['lambda:AddPermission!ResourceConflictException', 'lambda:AddPermission!InvalidParameterValueException'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    await add(aws, FunctionName);
    await refused(
      add(aws, FunctionName),
      'ResourceConflictException',
      'The statement id (topic) provided already exists. Please provide a new statement id, or remove the existing statement.',
    );
    await refused(
      add(aws, FunctionName, { StatementId: 'other', Principal: 'somebody' }),
      'InvalidParameterValueException',
      'The provided principal was invalid. Please check the principal and try again.',
    );
  },
);

behaviour(
  'a policy holds 20 KB',
  {
    source: 'https://github.com/aws/aws-cdk/issues/9327',
    covers: ['lambda:AddPermission!PolicyLengthExceededException'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    const fill = async () => {
      for (let n = 0; n < 100; n++) {
        const SourceArn = `arn:aws:sns:${aws.region}:${aws.account}:${'t'.repeat(200)}${n}`;
        await add(aws, FunctionName, { StatementId: `s${n}`, SourceArn });
      }
    };
    await refused(
      fill(),
      'PolicyLengthExceededException',
      /^The final policy size \(\d+\) is bigger than the limit \(20480\)\.$/,
    );
  },
);

behaviour(
  'a permission is taken back by its id; with the last the policy is gone',
  { source: removal, covers: ['lambda:RemovePermission', 'lambda:RemovePermission!ResourceNotFoundException'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    const remove = (StatementId: string) => aws.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
    await refused(remove('s'), 'ResourceNotFoundException', 'No policy is associated with the given resource.');
    await add(aws, FunctionName);
    await refused(remove('other'), 'ResourceNotFoundException', 'Statement other is not found in resource policy.');
    await remove('topic');
    await refused(
      aws.lambda.send(new GetPolicyCommand({ FunctionName })),
      'ResourceNotFoundException',
      'The resource you requested does not exist.',
    );
  },
);

behaviour(
  'a change of the policy that names an old revision is refused',
  {
    source: page,
    covers: ['lambda:AddPermission!PreconditionFailedException', 'lambda:RemovePermission!PreconditionFailedException'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    await add(aws, FunctionName);
    const { RevisionId } = await aws.lambda.send(new GetPolicyCommand({ FunctionName }));
    await add(aws, FunctionName, { StatementId: 'second', RevisionId });
    const message =
      'The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id';
    await refused(add(aws, FunctionName, { StatementId: 'third', RevisionId }), 'PreconditionFailedException', message);
    await refused(
      aws.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'topic', RevisionId })),
      'PreconditionFailedException',
      message,
    );
  },
);
