import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { behaviour, refused } from '../contract.ts';

behaviour(
  'DeployStack is for deployments of whole assemblies: as an action it cannot be called from outside',
  {
    source: 'localcloud/stack/deploy-stack.ts',
    covers: ['cloudformation:DeployStack'],
    notRemote: 'it is no action of AWS',
  },
  async (aws) => {
    const asked = new DescribeStacksCommand({});
    asked.middlewareStack.add(
      (next) => (step: any) => {
        step.request.body = 'Action=DeployStack&Version=2010-05-15&StackName=contract&Template=%7B%7D';
        return next(step);
      },
      { step: 'build' },
    );
    await refused(
      aws.cloudformation.send(asked),
      'NotImplemented',
      'the local cloud does not know cloudformation:DeployStack',
    );
  },
);
