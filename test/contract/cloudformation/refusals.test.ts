import { CreateStackCommand, DescribeStacksCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { body, create, outputs, queue } from './given.ts';

const about = {
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html',
  notRemote: 'AWS knows them',
};

const ask = (aws: Aws, StackName: string, template: object, more: object = {}) =>
  aws.cloudformation.send(new CreateStackCommand({ StackName, TemplateBody: body(template), ...more }));

behaviour(
  'a type and a property that the local cloud does not know are refused by their names, and nothing is made',
  { ...about, covers: ['cloudformation:CreateStack'] },
  async (aws) => {
    const StackName = aws.name('contract');
    const type = { Queue: queue(), Bucket: { Type: 'AWS::S3::Bucket', Properties: {} } };
    await refused(ask(aws, StackName, { Resources: type }), 'NotImplemented', /AWS::S3::Bucket Bucket/);
    const property = { Queue: queue({ Colour: 'green' }) };
    await refused(ask(aws, StackName, { Resources: property }), 'NotImplemented', /AWS::SQS::Queue Queue: .*Colour/);
    await refused(
      aws.cloudformation.send(new DescribeStacksCommand({ StackName })),
      'ValidationError',
      `Stack with id ${StackName} does not exist`,
    );
  },
);

behaviour(
  'everything that is not known is named at once',
  { ...about, covers: ['cloudformation:CreateStack'] },
  async (aws) => {
    const Resources = {
      One: queue({ Colour: 'green' }),
      Two: queue({ Taste: 'sour' }),
      Three: { Type: 'AWS::S3::Bucket' },
    };
    await refused(
      ask(aws, aws.name('contract'), { Resources }),
      'NotImplemented',
      /One: .*Colour[\s\S]*Two: .*Taste[\s\S]*AWS::S3::Bucket Three/,
    );
  },
);

behaviour(
  'an update with a property that is not known leaves the stack as it is',
  { ...about, covers: ['cloudformation:UpdateStack'] },
  async (aws) => {
    const Outputs = { Url: { Value: { Ref: 'Queue' } } };
    const { StackName, ...before } = await create(aws, { Resources: { Queue: queue() }, Outputs });
    const TemplateBody = body({ Resources: { Queue: queue({ Colour: 'green' }) }, Outputs });
    await refused(
      aws.cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody })),
      'NotImplemented',
      /Colour/,
    );
    const { Stacks } = await aws.cloudformation.send(new DescribeStacksCommand({ StackName }));
    expect(Stacks![0]!.StackStatus).toBe('CREATE_COMPLETE');
    expect(outputs(Stacks![0]!)).toEqual(outputs(before));
  },
);

behaviour(
  'requests and sections that the local cloud would have to ignore are refused by their names',
  { ...about, covers: ['cloudformation:CreateStack'] },
  async (aws) => {
    const Resources = { Queue: queue() };
    const StackName = aws.name('contract');
    await refused(ask(aws, StackName, { Resources }, { TimeoutInMinutes: 5 }), 'NotImplemented', /TimeoutInMinutes/);
    await refused(ask(aws, StackName, { Resources }, { OnFailure: 'DO_NOTHING' }), 'NotImplemented', /DO_NOTHING/);
    const transformed = { Transform: 'AWS::Serverless-2016-10-31', Resources };
    await refused(ask(aws, StackName, transformed), 'NotImplemented', /Transform/);
    const created = { Queue: queue({}, { CreationPolicy: {} }) };
    await refused(ask(aws, StackName, { Resources: created }), 'NotImplemented', /CreationPolicy/);
  },
);

behaviour(
  'an attribute that a type does not have is refused before anything is made',
  {
    source:
      'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html',
    covers: ['cloudformation:CreateStack'],
  },
  (aws) =>
    refused(
      ask(aws, aws.name('contract'), {
        Resources: { Queue: queue() },
        Outputs: { Colour: { Value: { 'Fn::GetAtt': ['Queue', 'Colour'] } } },
      }),
      'ValidationError',
      /resource Queue does not support attribute type Colour in Fn::GetAtt/,
    ),
);
