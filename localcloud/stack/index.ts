/** AWS CloudFormation: templates in, calls of the other services out. */
import type { Service } from '../service.ts';
import { createStack } from './create-stack.ts';
import { deleteStack } from './delete-stack.ts';
import { deployStack } from './deploy-stack.ts';
import {
  describeStackEvents,
  describeStackResource,
  describeStackResources,
  describeStacks,
  getTemplate,
  listExports,
  listImports,
  listStackResources,
  listStacks,
} from './read-actions.ts';
import { createStacks, type Stacks } from './state.ts';
import { updateStack } from './update-stack.ts';
import { updateTerminationProtection } from './update-termination-protection.ts';

export const cloudformation: Service<Stacks> = {
  name: 'cloudformation',
  create: createStacks,
  actions: {
    CreateStack: createStack,
    DeleteStack: deleteStack,
    DeployStack: deployStack,
    DescribeStackEvents: describeStackEvents,
    DescribeStackResource: describeStackResource,
    DescribeStackResources: describeStackResources,
    DescribeStacks: describeStacks,
    GetTemplate: getTemplate,
    ListExports: listExports,
    ListImports: listImports,
    ListStackResources: listStackResources,
    ListStacks: listStacks,
    UpdateStack: updateStack,
    UpdateTerminationProtection: updateTerminationProtection,
  },
};
