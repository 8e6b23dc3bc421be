/** AWS CloudFormation: templates in, calls of the other services out. */
import type { Service } from '../service.ts';
import { deleteStack } from './delete-stack.ts';
import { deployStack } from './deploy-stack.ts';
import {
  describeStackResources,
  describeStacks,
  getTemplate,
  listExports,
  listStackResources,
  listStacks,
} from './read-actions.ts';
import { createStacks, type Stacks } from './state.ts';
import { updateTerminationProtection } from './update-termination-protection.ts';

export const cloudformation: Service<Stacks> = {
  name: 'cloudformation',
  create: createStacks,
  actions: {
    DeleteStack: deleteStack,
    DeployStack: deployStack,
    DescribeStackResources: describeStackResources,
    DescribeStacks: describeStacks,
    GetTemplate: getTemplate,
    ListExports: listExports,
    ListStackResources: listStackResources,
    ListStacks: listStacks,
    UpdateTerminationProtection: updateTerminationProtection,
  },
};
