import { describe, expect, it } from 'vitest';
import { changesOf, recorder } from './recorder.ts';

const queue = (Properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties });

describe('creating a stack', () => {
  it('makes each resource after what it refers to, under the principal of CloudFormation', async () => {
    const { deploy, asked, principals } = recorder();
    const result = await deploy({
      Main: queue({
        QueueName: 'main',
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 },
      }),
      Dead: queue({ QueueName: 'dead' }),
    });
    expect(result.StackStatus).toBe('CREATE_COMPLETE');
    expect(asked.map(({ action, input }) => [action, input])).toEqual([
      ['CreateQueue', { QueueName: 'dead', Attributes: {} }],
      [
        'CreateQueue',
        {
          QueueName: 'main',
          Attributes: {
            RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead","maxReceiveCount":5}',
          },
        },
      ],
    ]);
    expect([...principals].map((text) => JSON.parse(text))).toEqual([
      { kind: 'service', account: '123456789012', service: 'cloudformation.amazonaws.com' },
    ]);
  });

  it('names what has no name after stack and logical id, always alike', async () => {
    const names = [recorder(), recorder()].map(async ({ deploy, inputOf }) => {
      await deploy({ Inbox: queue({ FifoQueue: true }) });
      return inputOf('sqs.CreateQueue').QueueName;
    });
    const [one, other] = await Promise.all(names);
    expect(one).toMatch(/^shop-Inbox-[0-9A-F]{12}\.fifo$/);
    expect(other).toBe(one);
  });

  it('refuses an unknown type and an unknown property by name, both at once, before it makes anything', async () => {
    const { deploy, asked, call } = recorder();
    const refused = deploy({
      Fine: queue(),
      Bucket: { Type: 'AWS::S3::Bucket' },
      Odd: queue({ Foo: 1 }),
    });
    await expect(refused).rejects.toThrow('AWS::SQS::Queue Odd: the local cloud does not support property Foo');
    await expect(refused).rejects.toThrow('AWS::S3::Bucket Bucket: the local cloud does not support this type');
    expect(asked).toEqual([]);
    await expect(call('cloudformation', 'DescribeStacks', { StackName: 'shop' })).rejects.toThrow('does not exist');
  });

  it.each<[string, object, string]>([
    ['a reference to nothing', { A: queue({ QueueName: { Ref: 'B' } }) }, 'Unresolved resource dependencies [B]'],
    ['a DependsOn of nothing', { A: { ...queue(), DependsOn: 'B' } }, 'Unresolved resource dependencies [B]'],
    [
      'an attribute that the type has not',
      { A: queue({ QueueName: { 'Fn::GetAtt': ['B', 'Colour'] } }), B: queue() },
      'resource B does not support attribute type Colour',
    ],
    [
      'a circle',
      { A: { ...queue(), DependsOn: 'B' }, B: { ...queue(), DependsOn: 'A' } },
      'Circular dependency between resources: [A, B]',
    ],
    ['a resource without type', { A: {} }, 'Every Resources object must contain a Type member'],
    [
      'an attribute of resources it has no meaning for',
      { A: { ...queue(), CreationPolicy: {} } },
      'AWS::SQS::Queue A: the local cloud does not support CreationPolicy',
    ],
    ['no resources', {}, 'At least one Resources member must be defined'],
  ])('refuses %s before it makes anything', async (_, resources, message) => {
    const { deploy, asked } = recorder();
    await expect(deploy(resources)).rejects.toThrow(message);
    expect(asked).toEqual([]);
  });

  it('leaves out what its condition leaves out', async () => {
    const { deploy, asked } = recorder();
    const Template = {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { A: { ...queue(), DependsOn: 'B' }, B: { ...queue(), Condition: 'Never' } },
      Outputs: { Url: { Value: { Ref: 'B' }, Condition: 'Never' } },
    };
    const result = await deploy({}, { Template });
    expect(changesOf(result)).toEqual({ A: 'created' });
    expect(asked).toHaveLength(1);
  });

  it('reads the template as text too', async () => {
    const { deploy } = recorder();
    const result = await deploy({}, { Template: JSON.stringify({ Resources: { A: queue() } }) });
    expect(result.StackStatus).toBe('CREATE_COMPLETE');
    await expect(deploy({}, { Template: 'Resources: {}' })).rejects.toThrow('JSON not well-formed');
  });

  it('skips only the bootstrap check among rules', async () => {
    const { deploy } = recorder();
    const Parameters = {
      BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/x/version' },
    };
    const Resources = { A: queue() };
    const checked = {
      Parameters,
      Resources,
      Rules: { CheckBootstrapVersion: { Assertions: [{ Assert: { 'Fn::Contains': [] } }] } },
    };
    expect((await deploy({}, { Template: checked })).StackStatus).toBe('CREATE_COMPLETE');
    const other = { Resources, Rules: { Mine: {} } };
    await expect(deploy({}, { Template: other })).rejects.toThrow(
      'template Rules: the local cloud does not support Mine',
    );
  });

  it('refuses sections that it would have to ignore', async () => {
    const { deploy } = recorder();
    const Template = { Transform: 'AWS::Serverless-2016-10-31', Resources: { A: queue() } };
    await expect(deploy({}, { Template })).rejects.toThrow('template: the local cloud does not support Transform');
  });

  it('ignores the metadata of CDK by name', async () => {
    const { deploy, asked } = recorder();
    const result = await deploy({ CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2:x' } } });
    expect(changesOf(result)).toEqual({ CDKMetadata: 'created' });
    expect(asked).toEqual([]);
  });

  it('does not let two stacks have a queue of the same name', async () => {
    const { deploy } = recorder();
    await deploy({ A: queue({ QueueName: 'mine' }) });
    const result = await deploy({ B: queue({ QueueName: 'mine' }) }, { StackName: 'other' });
    expect(result).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE', FailedResource: 'B' });
    expect(result.StackStatusReason).toContain('mine already exists in stack arn:aws:cloudformation:eu-west-1');
  });
});

describe('parameters', () => {
  const Parameters = {
    Stage: { Type: 'String', Default: 'dev', AllowedValues: ['dev', 'prod'] },
    Delay: { Type: 'Number', Default: 5, MaxValue: 900 },
    Names: { Type: 'CommaDelimitedList', Default: 'a, b' },
  };
  const Template = {
    Parameters,
    Resources: {
      Q: queue({
        QueueName: { 'Fn::Join': ['-', [{ Ref: 'Stage' }, { 'Fn::Select': [1, { Ref: 'Names' }] }]] },
        DelaySeconds: { Ref: 'Delay' },
      }),
    },
  };

  it('have their defaults, and the values that are given', async () => {
    const { deploy, inputOf, take } = recorder();
    await deploy({}, { Template });
    expect(inputOf('sqs.CreateQueue')).toEqual({ QueueName: 'dev-b', Attributes: { DelaySeconds: '5' } });
    take();
    await deploy({}, { Template, StackName: 'other', Parameters: { Stage: 'prod', Delay: '7', Names: 'x,y' } });
    expect(inputOf('sqs.CreateQueue')).toEqual({ QueueName: 'prod-y', Attributes: { DelaySeconds: '7' } });
  });

  it.each<[string, Record<string, string>, string]>([
    ['outside the allowed values', { Stage: 'test' }, "Parameter 'Stage' must be one of AllowedValues: dev, prod"],
    ['not a number', { Delay: 'soon' }, "Parameter 'Delay' must be a number"],
    ['too large', { Delay: '901' }, "Parameter 'Delay' must be a number not greater than 900"],
    ['not declared', { Colour: 'red' }, 'Parameters: [Colour] do not exist in the template'],
  ])('are refused when they are %s', async (_, given, message) => {
    await expect(recorder().deploy({}, { Template, Parameters: given })).rejects.toThrow(message);
  });

  it('are refused when one has no value, or a type that asks Systems Manager', async () => {
    const Resources = { Q: queue() };
    const { deploy } = recorder();
    await expect(deploy({}, { Template: { Resources, Parameters: { A: { Type: 'String' } } } })).rejects.toThrow(
      'Parameters: [A] must have values',
    );
    const stored = { A: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a' } };
    await expect(deploy({}, { Template: { Resources, Parameters: stored } })).rejects.toThrow(
      'does not support the type AWS::SSM',
    );
  });
});
