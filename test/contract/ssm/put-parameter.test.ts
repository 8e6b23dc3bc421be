import {
  GetParameterCommand,
  GetParameterHistoryCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
} from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, arnOf, givenParameter, guide, overwrite } from './given.ts';

const put = (aws: Aws, input: Partial<PutParameterCommandInput> & { Name: string }) =>
  aws.ssm.send(new PutParameterCommand({ Type: 'String', Value: 'v', ...input }));

behaviour(
  'a parameter that is written can be read, with its version and when it was written',
  { source: api('PutParameter'), covers: ['ssm:PutParameter', 'ssm:GetParameter'] },
  async (aws) => {
    const Name = await givenParameter(aws);
    const { Parameter } = await aws.ssm.send(new GetParameterCommand({ Name }));
    expect(Parameter).toEqual({
      Name,
      Type: 'String',
      Value: 'one',
      Version: 1,
      ARN: arnOf(aws, Name),
      DataType: 'text',
      LastModifiedDate: expect.any(Date),
    });
  },
);

behaviour(
  'what exists is only overwritten by who says so; each time is a version',
  { source: api('PutParameter'), covers: ['ssm:PutParameter', 'ssm:PutParameter!ParameterAlreadyExists'] },
  async (aws) => {
    const Name = await givenParameter(aws);
    await refused(
      put(aws, { Name }),
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
    expect(await overwrite(aws, Name, {})).toMatchObject({ Version: 2, Tier: 'Standard' });
    expect((await aws.ssm.send(new GetParameterCommand({ Name }))).Parameter!.Value).toBe('two');
  },
);

behaviour(
  'a name is a path of 15 levels at most, of letters, digits and .-_, and not one of AWS’s own',
  {
    source: guide('sysman-parameter-name-constraints'),
    covers: ['ssm:PutParameter', 'ssm:PutParameter!HierarchyLevelLimitExceededException'],
  },
  async (aws) => {
    await refused(put(aws, { Name: `/${'a/'.repeat(16)}a` }), 'HierarchyLevelLimitExceededException');
    await refused(put(aws, { Name: 'ssm-mine' }), 'ValidationException', /can't be prefixed with "ssm"/);
    await refused(put(aws, { Name: '/a/b c' }), 'ValidationException', /\.-_/);
    await refused(put(aws, { Name: 'a/b' }), 'ValidationException', 'Parameter name must be a fully qualified name.');
    await refused(put(aws, { Name: '/aws/mine' }), 'AccessDeniedException', /reserved parameter name/);
  },
);

behaviour(
  'the type must be given at first, be one that there is, and stays',
  {
    source: api('PutParameter'),
    covers: [
      'ssm:PutParameter',
      'ssm:PutParameter!UnsupportedParameterType',
      'ssm:PutParameter!HierarchyTypeMismatchException',
    ],
  },
  async (aws) => {
    const Name = `/${aws.name('contract')}/typed`;
    await refused(
      aws.ssm.send(new PutParameterCommand({ Name, Value: 'v' })),
      'ValidationException',
      'A parameter type is required when you create a parameter.',
    );
    await refused(put(aws, { Name, Type: 'Number' as 'String' }), 'UnsupportedParameterType');
    const known = await givenParameter(aws);
    await refused(overwrite(aws, known, { Type: 'StringList' }), 'HierarchyTypeMismatchException');
  },
);

behaviour(
  'a value has 1 to 4,096 characters in the standard tier',
  { source: guide('parameter-store-advanced-parameters'), covers: ['ssm:PutParameter'] },
  async (aws) => {
    const Name = await givenParameter(aws, { Value: 'x'.repeat(4096) });
    await refused(
      overwrite(aws, Name, { Value: 'x'.repeat(4097) }),
      'ValidationException',
      /^Standard tier parameters support a maximum parameter value of 4096 characters\./,
    );
    await refused(overwrite(aws, Name, { Value: '' }), 'ValidationException');
  },
);

behaviour(
  'a value must fit the allowed pattern that comes with it',
  {
    source: guide('param-create-cli'),
    covers: [
      'ssm:PutParameter',
      'ssm:PutParameter!ParameterPatternMismatchException',
      'ssm:PutParameter!InvalidAllowedPatternException',
    ],
  },
  async (aws) => {
    const Name = await givenParameter(aws, { Value: '100', AllowedPattern: '^\\d{1,4}$' });
    await refused(
      overwrite(aws, Name, { Value: '10,000', AllowedPattern: '^\\d{1,4}$' }),
      'ParameterPatternMismatchException',
      'Parameter value, cannot be validated against allowedPattern: ^\\d{1,4}$',
    );
    await refused(overwrite(aws, Name, { AllowedPattern: '(' }), 'InvalidAllowedPatternException');
  },
);

behaviour(
  'tags come with the first version, and not with a later one',
  { source: api('PutParameter'), covers: ['ssm:PutParameter', 'ssm:ListTagsForResource'] },
  async (aws) => {
    const Name = await givenParameter(aws, { Tags: [{ Key: 'team', Value: 'x' }] });
    const resource = { ResourceType: 'Parameter', ResourceId: Name } as const;
    expect((await aws.ssm.send(new ListTagsForResourceCommand(resource))).TagList).toEqual([
      { Key: 'team', Value: 'x' },
    ]);
    await refused(
      overwrite(aws, Name, { Tags: [{ Key: 'team', Value: 'y' }] }),
      'ValidationException',
      /^Invalid request: tags and overwrite can't be used together\./,
    );
  },
);

behaviour(
  'a later version keeps the description unless it has its own',
  { source: guide('sysman-paramstore-versions'), covers: ['ssm:PutParameter', 'ssm:GetParameterHistory'] },
  async (aws) => {
    const Name = await givenParameter(aws, { Description: 'first' });
    await overwrite(aws, Name, {});
    await overwrite(aws, Name, { Description: 'third' });
    const { Parameters } = await aws.ssm.send(new GetParameterHistoryCommand({ Name }));
    expect(Parameters!.map(({ Description }) => Description)).toEqual(['first', 'first', 'third']);
  },
);
