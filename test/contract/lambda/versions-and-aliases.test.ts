import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { givenFunction, invoke, ready, zipOf } from './given.ts';

const versions = 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html';
const aliases = 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html';

const returning = (value: string) =>
  `exports.handler = async (_, { functionVersion }) => ["${value}", functionVersion];`;

async function changeTo(aws: Aws, FunctionName: string, value: string) {
  await aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipOf(returning(value)) }));
  await ready(aws, FunctionName);
}

const publish = (aws: Aws, FunctionName: string, more: object = {}) =>
  aws.lambda.send(new PublishVersionCommand({ FunctionName, ...more }));

behaviour(
  'a version stays what the function was when it was published',
  { source: versions, covers: ['lambda:PublishVersion', 'lambda:Invoke'] },
  async (aws) => {
    const { FunctionName, FunctionArn } = await givenFunction(aws, returning('first'));
    expect(await publish(aws, FunctionName, { Description: 'one' })).toMatchObject({
      Version: '1',
      FunctionArn: `${FunctionArn}:1`,
      Description: 'one',
    });
    await changeTo(aws, FunctionName, 'second');
    expect((await invoke(aws, FunctionName)).payload).toEqual(['second', '$LATEST']);
    expect(await invoke(aws, FunctionName, {}, { Qualifier: '1' })).toMatchObject({
      ExecutedVersion: '1',
      payload: ['first', '1'],
    });
  },
);

behaviour(
  'publishing what has not changed gives the version that there is; numbers are never used again',
  { source: versions, covers: ['lambda:PublishVersion', 'lambda:ListVersionsByFunction', 'lambda:DeleteFunction'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, returning('first'));
    expect((await publish(aws, FunctionName)).Version).toBe('1');
    expect((await publish(aws, FunctionName)).Version).toBe('1');
    await changeTo(aws, FunctionName, 'second');
    expect((await publish(aws, FunctionName)).Version).toBe('2');
    await aws.lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: '2' }));
    await changeTo(aws, FunctionName, 'third');
    expect((await publish(aws, FunctionName)).Version).toBe('3');
    const { Versions } = await aws.lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
    expect(Versions!.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '3']);
  },
);

behaviour(
  'PublishVersion can be told which code and which revision are meant',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html',
    covers: [
      'lambda:PublishVersion!InvalidParameterValueException',
      'lambda:PublishVersion!PreconditionFailedException',
    ],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, returning('first'));
    const { RevisionId, CodeSha256 } = await ready(aws, FunctionName);
    const other = Buffer.alloc(32).toString('base64');
    await refused(
      publish(aws, FunctionName, { CodeSha256: other }),
      'InvalidParameterValueException',
      `CodeSHA256 (${other}) is different from current CodeSHA256 in $LATEST (${CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
    );
    await refused(publish(aws, FunctionName, { RevisionId: 'of-old' }), 'PreconditionFailedException');
    expect((await publish(aws, FunctionName, { CodeSha256, RevisionId })).Version).toBe('1');
  },
);

behaviour(
  'a change that names an old revision is refused',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html',
    covers: [
      'lambda:UpdateFunctionCode!PreconditionFailedException',
      'lambda:UpdateFunctionConfiguration!PreconditionFailedException',
      'lambda:UpdateAlias!PreconditionFailedException',
    ],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, returning('first'));
    const { RevisionId } = await ready(aws, FunctionName);
    await aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 4, RevisionId }));
    await ready(aws, FunctionName);
    const message =
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id';
    const no = (call: Promise<unknown>) => refused(call, 'PreconditionFailedException', message);
    await no(aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 5, RevisionId })));
    await no(aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipOf(''), RevisionId })));
    await aws.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '$LATEST' }));
    await no(aws.lambda.send(new UpdateAliasCommand({ FunctionName, Name: 'live', RevisionId })));
  },
);

behaviour(
  'an alias stands for a version, and moves to another',
  {
    source: aliases,
    covers: ['lambda:CreateAlias', 'lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:ListAliases', 'lambda:DeleteAlias'],
  },
  async (aws) => {
    const { FunctionName, FunctionArn } = await givenFunction(aws, returning('first'));
    await publish(aws, FunctionName);
    await changeTo(aws, FunctionName, 'second');
    await publish(aws, FunctionName);
    const Name = 'live';
    const created = await aws.lambda.send(new CreateAliasCommand({ FunctionName, Name, FunctionVersion: '1' }));
    const alias = { AliasArn: `${FunctionArn}:live`, Name, FunctionVersion: '1', Description: '' };
    expect(created).toMatchObject(alias);
    expect(await aws.lambda.send(new GetAliasCommand({ FunctionName, Name }))).toMatchObject(alias);
    expect((await invoke(aws, FunctionName, {}, { Qualifier: Name })).payload).toEqual(['first', '1']);
    const { RevisionId } = created;
    await aws.lambda.send(new UpdateAliasCommand({ FunctionName, Name, FunctionVersion: '2', RevisionId }));
    expect((await invoke(aws, `${FunctionName}:live`)).payload).toEqual(['second', '2']);
    await aws.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'old', FunctionVersion: '1' }));
    const list = async (FunctionVersion?: string) => {
      const { Aliases } = await aws.lambda.send(new ListAliasesCommand({ FunctionName, FunctionVersion }));
      return Aliases!.map((one) => one.Name).sort();
    };
    expect([await list(), await list('1')]).toEqual([['live', 'old'], ['old']]);
    await aws.lambda.send(new DeleteAliasCommand({ FunctionName, Name }));
    await refused(aws.lambda.send(new GetAliasCommand({ FunctionName, Name })), 'ResourceNotFoundException', /live/);
  },
);

behaviour(
  'an alias is made once, and for a version that there is',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html',
    covers: ['lambda:CreateAlias!ResourceConflictException', 'lambda:CreateAlias!ResourceNotFoundException'],
  },
  async (aws) => {
    const { FunctionName, FunctionArn } = await givenFunction(aws);
    const create = (FunctionVersion: string) =>
      aws.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion }));
    await refused(create('7'), 'ResourceNotFoundException', `Function not found: ${FunctionArn}:7`);
    await create('$LATEST');
    await refused(create('$LATEST'), 'ResourceConflictException', `Alias already exists: ${FunctionArn}:live`);
  },
);

behaviour(
  'a version that an alias stands for is kept; $LATEST goes with the function only; an alias is no version',
  {
    source: 'https://github.com/floci-io/floci/pull/2824',
    covers: ['lambda:DeleteFunction!ResourceConflictException', 'lambda:DeleteFunction!InvalidParameterValueException'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    await publish(aws, FunctionName);
    await aws.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
    const remove = (Qualifier: string) => aws.lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier }));
    await refused(
      remove('1'),
      'ResourceConflictException',
      'Unable to delete version because the following aliases reference it: [live]',
    );
    await refused(
      remove('$LATEST'),
      'InvalidParameterValueException',
      '$LATEST version cannot be deleted without deleting the function.',
    );
    await refused(remove('live'), 'InvalidParameterValueException');
    await remove('99');
  },
);
