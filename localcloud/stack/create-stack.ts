import type { CreateStackInput, CreateStackOutput, Tag } from '@aws-sdk/client-cloudformation';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { removeStack } from './delete-stack.ts';
import { type DeployStackResult, deployStack } from './deploy-stack.ts';
import { checkCapabilities, isRepeated, templateText } from './request-rules.ts';
import type { Stack, Stacks } from './state.ts';
import { invalid, readTemplate } from './template.ts';

const MEMBERS = [
  'StackName',
  'TemplateBody',
  'Parameters',
  'Tags',
  'Capabilities',
  'ClientRequestToken',
  'EnableTerminationProtection',
  'OnFailure',
];

/**
 * CreateStack, of a template that needs no bucket. The stack stands, or is rolled back, when the call is answered; what
 * was wrong with a resource is told by DescribeStackEvents, as on AWS.
 */
export const createStack: Action<Stacks, CreateStackInput, CreateStackOutput> = (input, state, context) => {
  refuseUnknown('CreateStack', input, MEMBERS);
  const { StackName: name = '', OnFailure: onFailure = 'ROLLBACK', ClientRequestToken: token } = input;
  if (onFailure === 'DO_NOTHING') {
    const message = 'CreateStack: the local cloud does not support OnFailure DO_NOTHING; it knows ROLLBACK and DELETE';
    throw new ServiceError('NotImplemented', message, { status: 501 });
  }
  const text = templateText(input.TemplateBody);
  const template = readTemplate(text);
  checkCapabilities(template, input.Capabilities);
  const standing = state.stacks.get(name);
  if (isRepeated(state, { token, action: 'CreateStack', stackName: name }) && standing) return { StackId: standing.id };
  if (standing) throw new ServiceError('AlreadyExistsException', `Stack [${name}] already exists`);
  const parameters = Object.fromEntries(
    (input.Parameters ?? []).map(({ ParameterKey: key = '', ParameterValue: value, UsePreviousValue: previous }) => {
      if (previous || value === undefined)
        throw invalid(
          `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
        );
      return [key, value];
    }),
  );
  const result = deployStack(
    {
      StackName: name,
      Template: text,
      Parameters: parameters,
      Tags: tagsOf(input.Tags),
      ...(token === undefined ? {} : { ClientRequestToken: token }),
      ...(input.EnableTerminationProtection === undefined
        ? {}
        : { EnableTerminationProtection: input.EnableTerminationProtection }),
    },
    state,
    context,
  ) as DeployStackResult;
  if (result.StackStatus.startsWith('ROLLBACK') && onFailure === 'DELETE') {
    removeStack(state.stacks.get(name)!, state, context);
  }
  return { StackId: result.StackId };
};

/** @throws ServiceError `ValidationError` for more than 50 tags (CloudFormation API reference, `Tag`) */
export function tagsOf(tags: readonly Tag[] = []): Stack['tags'] {
  if (tags.length > 50) throw invalid('Tags: there can be 50 at most');
  return tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
}
