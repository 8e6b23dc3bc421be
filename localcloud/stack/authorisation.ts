/** What CloudFormation asks of policies. What it makes, it makes in its caller's name. */
import { type Asked, type Authorisation, needOn, needsOn } from '../policy/demand.ts';
import { ServiceError } from '../service.ts';

const stack = ({ input, region, account }: Asked): string => {
  const name = String(input.StackName ?? '*');
  return name.startsWith('arn:') ? name : `arn:aws:cloudformation:${region}:${account}:stack/${name}/*`;
};

const named = [
  ...['CreateStack', 'DeleteStack', 'DescribeStackEvents', 'DescribeStackResource', 'DescribeStackResources'],
  ...['DescribeStacks', 'GetTemplate', 'ListStackResources', 'UpdateStack', 'UpdateTerminationProtection'],
];

export const cloudformationAuthorisation: Authorisation = {
  needs: {
    ...needsOn('cloudformation', named, stack),
    ...needsOn('cloudformation', ['ListExports', 'ListImports', 'ListStacks'], () => '*'),
    // The cloud's own: CreateStack and UpdateStack in one.
    DeployStack: needOn('cloudformation', 'CreateStack', stack),
  },
  refuse: (message) => new ServiceError('AccessDenied', message, { status: 403 }),
};
