/** CDK's low-level constructs are generated from the CloudFormation reference; each type is held against its own. */
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { resourceTypes } from '../../../../localcloud/stack/types/index.ts';
import { recorder } from '../recorder.ts';

const require = createRequire(import.meta.url);

/** `AWS::SQS::Queue` is `CfnQueue` of `aws-sqs`; loading one library of CDK at a time is ten times faster than all. */
function membersOf(type: string): { attributes: string[]; properties: string[] } {
  const [, service = '', name = ''] = type.split('::');
  const names = Object.getOwnPropertyNames(require(`aws-cdk-lib/aws-${service.toLowerCase()}`)[`Cfn${name}`].prototype);
  return {
    attributes: names.filter((member) => /^attr[A-Z]/.test(member)).map((member) => member.slice(4)),
    properties: names.map((member) => (member === 'tagsRaw' ? 'tags' : member).toLowerCase()),
  };
}

const types = [...resourceTypes.values()].filter(({ type }) => type !== 'AWS::CDK::Metadata');

describe.each(types)('$type', (type) => {
  const reference = membersOf(type.type);

  it('has every attribute that the reference lists, and no other', () => {
    // CDK writes the nested `SnapStartResponse.ApplyOn` without the dot.
    expect(type.attributes.map((name) => name.replaceAll('.', '')).sort()).toEqual(reference.attributes.sort());
  });

  it('knows no property that the reference does not', () => {
    const unknown = type.properties.filter((name) => !reference.properties.includes(name.toLowerCase()));
    expect(unknown).toEqual([]);
  });

  it('replaces for, and is named by, properties that it knows', () => {
    expect(type.properties).toEqual(
      expect.arrayContaining([...(type.replacement ?? []), type.named ?? type.properties[0]!]),
    );
  });
});

/** The least that each type can be made of. */
const SMALLEST: Readonly<Record<string, object>> = {
  'AWS::SQS::QueuePolicy': { Queues: [], PolicyDocument: {} },
  'AWS::Events::EventBus': { Name: 'bus' },
  'AWS::Events::EventBusPolicy': { StatementId: 'one', Action: 'events:PutEvents', Principal: '*' },
  'AWS::DynamoDB::GlobalTable': { Replicas: [{ Region: 'eu-west-1' }] },
  'AWS::SNS::TopicPolicy': { Topics: [], PolicyDocument: {} },
  'AWS::Lambda::Function': { Code: { S3Key: 'x.zip' } },
  'AWS::SSM::Parameter': { Type: 'String', Value: 'v' },
  'AWS::KMS::Alias': { AliasName: 'alias/a', TargetKeyId: 'k' },
};

it.each(types)('$type gives exactly the attributes that it declares', async ({ type, attributes }) => {
  const { deploy, cloud } = recorder();
  const result = await deploy({ It: { Type: type, Properties: SMALLEST[type] ?? {} } }, { Assets: { It: '/code' } });
  expect(result.StackStatus).toBe('CREATE_COMPLETE');
  const { stacks } = cloud.state<any>('cloudformation', 'eu-west-1');
  expect(Object.keys(stacks.get('shop').resources.get('It').attributes).sort()).toEqual([...attributes].sort());
});
