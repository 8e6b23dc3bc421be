import { createHash } from 'node:crypto';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { ECHO, givenFunction, givenRole, invoke, ready, zipOf } from './given.ts';

const creation = 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html';
const limits = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const recording =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json';

behaviour(
  'a function is described as it was created, with what AWS sets where nothing was said',
  { source: creation, covers: ['lambda:CreateFunction', 'lambda:GetFunction', 'lambda:GetFunctionConfiguration'] },
  async (aws) => {
    const zip = zipOf(ECHO);
    const { FunctionName, FunctionArn, Role } = await givenFunction(aws, ECHO, {
      Code: { ZipFile: zip },
      Tags: { team: 'x' },
    });
    expect(FunctionArn).toBe(`arn:aws:lambda:${aws.region}:${aws.account}:function:${FunctionName}`);
    const described = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(described).toMatchObject({
      FunctionName,
      FunctionArn,
      Role,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      CodeSize: zip.byteLength,
      CodeSha256: createHash('sha256').update(zip).digest('base64'),
      Description: '',
      Timeout: 3,
      MemorySize: 128,
      Version: '$LATEST',
      TracingConfig: { Mode: 'PassThrough' },
      State: 'Active',
      LastUpdateStatus: 'Successful',
      PackageType: 'Zip',
      Architectures: ['x86_64'],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${FunctionName}` },
    });
    expect(described.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    expect(described.Environment).toBeUndefined();
    const { Configuration, Tags } = await aws.lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration).toMatchObject({ FunctionArn, RevisionId: described.RevisionId });
    expect(Tags).toEqual({ team: 'x' });
  },
);

behaviour(
  'GetFunction tells where the code can be fetched from: it is the file that was uploaded',
  { source: 'https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html', covers: ['lambda:GetFunction'] },
  async (aws) => {
    const zip = zipOf(ECHO);
    const { FunctionName } = await givenFunction(aws, ECHO, { Code: { ZipFile: zip } });
    const { Code } = await aws.lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Code!.RepositoryType).toBe('S3');
    const fetched = await (await fetch(Code!.Location!)).arrayBuffer();
    expect(Buffer.from(fetched).equals(Buffer.from(zip))).toBe(true);
  },
);

behaviour(
  'a name is taken once',
  { source: creation, covers: ['lambda:CreateFunction!ResourceConflictException'] },
  async (aws) => {
    const { FunctionName, Role } = await givenFunction(aws);
    const again = new CreateFunctionCommand({
      FunctionName,
      Role,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf(ECHO) },
    });
    await refused(aws.lambda.send(again), 'ResourceConflictException', `Function already exist: ${FunctionName}`);
  },
);

behaviour(
  'CreateFunction wants a file that can be unzipped, a runtime, a handler, and a runtime that there is',
  { source: recording, covers: ['lambda:CreateFunction!InvalidParameterValueException'] },
  async (aws) => {
    const Role = await givenRole(aws);
    await aws.pass(1);
    const create = (changes: object) =>
      aws.lambda.send(
        new CreateFunctionCommand({
          FunctionName: aws.name('contract'),
          Role,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Code: { ZipFile: zipOf(ECHO) },
          ...changes,
        }),
      );
    const invalid = 'InvalidParameterValueException';
    await refused(
      create({ Code: { ZipFile: Buffer.from('exports.handler = 1;') } }),
      invalid,
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    );
    await refused(create({ Code: { ZipFile: Buffer.alloc(0) } }), invalid);
    const mandatory = 'Runtime and Handler are mandatory parameters for functions created with deployment packages.';
    await refused(create({ Runtime: undefined }), invalid, mandatory);
    await refused(create({ Handler: undefined }), invalid, mandatory);
    await refused(create({ Runtime: 'nodejs99.x' }), invalid, /^Value nodejs99\.x at 'runtime' failed to satisfy/);
  },
);

behaviour(
  'timeout, memory and storage have bounds',
  { source: limits, covers: ['lambda:UpdateFunctionConfiguration'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    for (const change of [
      { Timeout: 0 },
      { Timeout: 901 },
      { MemorySize: 127 },
      { MemorySize: 10_241 },
      { EphemeralStorage: { Size: 511 } },
    ]) {
      const update = new UpdateFunctionConfigurationCommand({ FunctionName, ...change });
      await refused(aws.lambda.send(update), 'ValidationException', /^1 validation error detected: Value /);
    }
  },
);

behaviour(
  'a changed configuration is in force for the next invocation, and what was not said stays',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html',
    covers: ['lambda:UpdateFunctionConfiguration'],
  },
  async (aws) => {
    const source = `let calls = 0; exports.handler = async (_, { memoryLimitInMB }) => [memoryLimitInMB, process.env.COLOUR, ++calls];`;
    const Environment = { Variables: { COLOUR: 'blue' } };
    const { FunctionName } = await givenFunction(aws, source, { Environment, Timeout: 5 });
    expect((await invoke(aws, FunctionName)).payload).toEqual(['128', 'blue', 1]);
    const changed = await aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 256 }));
    expect(changed).toMatchObject({ MemorySize: 256, Timeout: 5, Environment });
    await ready(aws, FunctionName);
    expect((await invoke(aws, FunctionName)).payload).toEqual(['256', 'blue', 1]);
  },
);

behaviour(
  'new code is in force for the next invocation, and a DryRun changes nothing',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html',
    covers: ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionCode!InvalidParameterValueException'],
  },
  async (aws) => {
    const { FunctionName, CodeSha256 } = await givenFunction(aws, 'exports.handler = async () => 1;');
    const ZipFile = zipOf('exports.handler = async () => 2;');
    await aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, DryRun: true }));
    expect((await invoke(aws, FunctionName)).payload).toBe(1);
    const updated = await aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    expect(updated.CodeSha256).not.toBe(CodeSha256);
    await ready(aws, FunctionName);
    expect((await invoke(aws, FunctionName)).payload).toBe(2);
    const broken = new UpdateFunctionCodeCommand({ FunctionName, ZipFile: Buffer.from('no zip') });
    await refused(aws.lambda.send(broken), 'InvalidParameterValueException', /^Could not unzip uploaded file/);
  },
);

behaviour(
  'functions are listed a page at a time, and with all their versions if asked',
  { source: 'https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html', covers: ['lambda:ListFunctions'] },
  async (aws) => {
    const Role = await givenRole(aws);
    const names: string[] = [];
    for (let n = 0; n < 3; n++) names.push((await givenFunction(aws, ECHO, { Role })).FunctionName);
    await aws.lambda.send(new PublishVersionCommand({ FunctionName: names[0] }));
    const list = async (input: object) => {
      const found: string[] = [];
      let pages = 0;
      for (let Marker: string | undefined, more = true; more; more = Marker !== undefined) {
        const page = await aws.lambda.send(new ListFunctionsCommand({ MaxItems: 1, ...input, Marker }));
        expect(page.Functions!.length).toBeLessThanOrEqual(1);
        for (const one of page.Functions!)
          if (names.includes(one.FunctionName!)) found.push(`${one.FunctionName}:${one.Version}`);
        Marker = page.NextMarker;
        pages++;
      }
      expect(pages).toBeGreaterThanOrEqual(names.length);
      return found.sort();
    };
    const latest = names.map((name) => `${name}:$LATEST`);
    expect(await list({})).toEqual([...latest].sort());
    expect(await list({ FunctionVersion: 'ALL' })).toEqual([...latest, `${names[0]}:1`].sort());
  },
);

behaviour(
  'a deleted function is gone, with its versions',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html',
    covers: ['lambda:DeleteFunction', 'lambda:GetFunction!ResourceNotFoundException'],
  },
  async (aws) => {
    const Role = await givenRole(aws);
    const FunctionName = aws.name('contract');
    const create = new CreateFunctionCommand({
      FunctionName,
      Role,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf(ECHO) },
    });
    for (let left = 20; left > 0; left--) {
      const created = await aws.lambda.send(create).catch(() => undefined);
      if (created) break;
      await aws.pass(1000);
    }
    await ready(aws, FunctionName);
    await aws.lambda.send(new PublishVersionCommand({ FunctionName }));
    await aws.lambda.send(new DeleteFunctionCommand({ FunctionName }));
    const arn = `arn:aws:lambda:${aws.region}:${aws.account}:function:${FunctionName}`;
    const missing = (name: string) =>
      refused(
        aws.lambda.send(new GetFunctionCommand({ FunctionName: name })),
        'ResourceNotFoundException',
        new RegExp(`^Function not found: ${arn}`),
      );
    await missing(FunctionName);
    await missing(`${FunctionName}:1`);
  },
);
