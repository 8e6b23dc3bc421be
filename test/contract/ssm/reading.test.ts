import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
} from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, arnOf, givenParameter, guide, overwrite } from './given.ts';

const read = (aws: Aws, Name: string) => aws.ssm.send(new GetParameterCommand({ Name }));
const byPath = (aws: Aws, Path: string, more: object = {}) =>
  aws.ssm.send(new GetParametersByPathCommand({ Path, ...more }));
const names = ({ Parameters = [] }: { Parameters?: readonly { Name?: string }[] | undefined }) =>
  Parameters.map(({ Name }) => Name);

behaviour(
  'an older version can be read by its number, as long as it is kept',
  {
    source: guide('sysman-paramstore-versions'),
    covers: ['ssm:GetParameter', 'ssm:GetParameter!ParameterVersionNotFound', 'ssm:GetParameter!ParameterNotFound'],
  },
  async (aws) => {
    const Name = await givenParameter(aws);
    await overwrite(aws, Name, {});
    expect((await read(aws, `${Name}:1`)).Parameter).toMatchObject({ Name, Value: 'one', Version: 1 });
    expect((await read(aws, arnOf(aws, Name))).Parameter).toMatchObject({ Name, Value: 'two', Version: 2 });
    expect((await read(aws, `${arnOf(aws, Name)}:1`)).Parameter).toMatchObject({ Value: 'one' });
    await refused(read(aws, `${Name}:3`), 'ParameterVersionNotFound', /could not find version 3 of/);
    await refused(read(aws, `${Name}:blue`), 'ParameterVersionNotFound', /could not find version label blue of/);
    await refused(read(aws, `${Name}-other`), 'ParameterNotFound');
    await refused(read(aws, arnOf(aws, `${Name}-other`)), 'ParameterNotFound');
  },
);

behaviour(
  'a hundred versions are kept',
  { source: guide('sysman-paramstore-versions'), covers: ['ssm:GetParameterHistory', 'ssm:GetParameter'] },
  async (aws) => {
    const Name = await givenParameter(aws);
    for (let version = 2; version <= 101; version++) await overwrite(aws, Name, { Value: String(version) });
    await refused(read(aws, `${Name}:1`), 'ParameterVersionNotFound');
    expect((await read(aws, `${Name}:2`)).Parameter!.Value).toBe('2');
    const first = await aws.ssm.send(new GetParameterHistoryCommand({ Name }));
    const rest = await aws.ssm.send(new GetParameterHistoryCommand({ Name, NextToken: first.NextToken }));
    const versions = [...first.Parameters!, ...rest.Parameters!].map(({ Version }) => Version);
    expect(versions).toEqual(Array.from({ length: 100 }, (_, at) => at + 2));
    expect(rest.NextToken).toBeUndefined();
  },
);

behaviour(
  'the history tells who wrote each version',
  {
    source: api('GetParameterHistory'),
    covers: [
      'ssm:GetParameterHistory',
      'ssm:GetParameterHistory!ParameterNotFound',
      'ssm:GetParameterHistory!InvalidNextToken',
    ],
  },
  async (aws) => {
    const Name = await givenParameter(aws);
    const { Parameters } = await aws.ssm.send(new GetParameterHistoryCommand({ Name }));
    expect(Parameters).toMatchObject([{ Name, Value: 'one', Version: 1, Tier: 'Standard', Labels: [], Policies: [] }]);
    expect(Parameters![0]!.LastModifiedUser).toMatch(new RegExp(`^arn:aws:(iam|sts)::${aws.account}:`));
    await refused(aws.ssm.send(new GetParameterHistoryCommand({ Name: `${Name}-other` })), 'ParameterNotFound');
    const odd = new GetParameterHistoryCommand({ Name, NextToken: 'nonsense' });
    await refused(aws.ssm.send(odd), 'InvalidNextToken');
  },
);

behaviour(
  'several are read together, and those that are not there are named',
  { source: api('GetParameters'), covers: ['ssm:GetParameters'] },
  async (aws) => {
    const [one, other] = [await givenParameter(aws), await givenParameter(aws, { Value: 'other' })];
    const missing = `${one}-other`;
    const found = await aws.ssm.send(new GetParametersCommand({ Names: [one, missing, other] }));
    expect(found.Parameters!.map(({ Value }) => Value).sort()).toEqual(['one', 'other']);
    expect(found.InvalidParameters).toEqual([missing]);
    const Names = Array.from({ length: 11 }, (_, at) => `${one}-${at}`);
    await refused(aws.ssm.send(new GetParametersCommand({ Names })), 'ValidationException', /less than or equal to 10/);
    await refused(aws.ssm.send(new GetParametersCommand({ Names: [one, one] })), 'ValidationException');
  },
);

behaviour(
  'by path are found those directly below, and all below if asked for',
  { source: api('GetParametersByPath'), covers: ['ssm:GetParametersByPath'] },
  async (aws) => {
    const path = `/${aws.name('contract')}`;
    for (const name of ['b', 'a', 'deep/er']) await givenParameter(aws, { Name: `${path}/${name}` });
    await givenParameter(aws, { Name: `${path}ish/c` });
    expect(names(await byPath(aws, path)).sort()).toEqual([`${path}/a`, `${path}/b`]);
    expect(names(await byPath(aws, `${path}/`)).sort()).toEqual([`${path}/a`, `${path}/b`]);
    const all = await byPath(aws, path, { Recursive: true });
    expect(names(all).sort()).toEqual([`${path}/a`, `${path}/b`, `${path}/deep/er`]);
    expect(names(await byPath(aws, `${path}/none`))).toEqual([]);
  },
);

behaviour(
  'by path come ten at a time at most',
  {
    source: api('GetParametersByPath'),
    covers: ['ssm:GetParametersByPath', 'ssm:GetParametersByPath!InvalidNextToken'],
  },
  async (aws) => {
    const path = `/${aws.name('contract')}`;
    for (let at = 0; at < 11; at++) await givenParameter(aws, { Name: `${path}/${at}` });
    const first = await byPath(aws, path);
    const rest = await byPath(aws, path, { NextToken: first.NextToken });
    expect(new Set([...names(first), ...names(rest)]).size).toBe(11);
    expect(rest.NextToken).toBeUndefined();
    await refused(byPath(aws, path, { NextToken: 'nonsense' }), 'InvalidNextToken');
    await refused(byPath(aws, path, { MaxResults: 11 }), 'ValidationException', /less than or equal to 10/);
    await refused(byPath(aws, 'contract'), 'ValidationException', /must begin with a forward slash/);
  },
);

behaviour(
  'what is deleted is gone with all its versions',
  { source: api('DeleteParameter'), covers: ['ssm:DeleteParameter', 'ssm:DeleteParameter!ParameterNotFound'] },
  async (aws) => {
    const Name = await givenParameter(aws);
    await aws.ssm.send(new DeleteParameterCommand({ Name }));
    await refused(read(aws, Name), 'ParameterNotFound');
    await refused(aws.ssm.send(new DeleteParameterCommand({ Name })), 'ParameterNotFound');
    await givenParameter(aws, { Name });
    expect((await read(aws, Name)).Parameter!.Version).toBe(1);
  },
);
