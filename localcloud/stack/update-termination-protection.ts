import type {
  UpdateTerminationProtectionInput,
  UpdateTerminationProtectionOutput,
} from '@aws-sdk/client-cloudformation';
import { type Action, refuseUnknown } from '../service.ts';
import { type Stacks, stackNamed } from './state.ts';

export const updateTerminationProtection: Action<
  Stacks,
  UpdateTerminationProtectionInput,
  UpdateTerminationProtectionOutput
> = (input, state) => {
  refuseUnknown('UpdateTerminationProtection', input, ['StackName', 'EnableTerminationProtection']);
  const stack = stackNamed(state, input.StackName);
  stack.terminationProtection = input.EnableTerminationProtection ?? false;
  return { StackId: stack.id };
};
