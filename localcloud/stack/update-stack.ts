import { isDeepStrictEqual } from 'node:util';
import type { Parameter, UpdateStackInput, UpdateStackOutput } from '@aws-sdk/client-cloudformation';
import { type Action, isParked, type Parked, refuseUnknown } from '../service.ts';
import { tagsOf } from './create-stack.ts';
import { deployStack } from './deploy-stack.ts';
import { parameterValues } from './parameters.ts';
import { checkCapabilities, isRepeated, templateText } from './request-rules.ts';
import { type Stack, type Stacks, stackNamed } from './state.ts';
import { invalid, readTemplate, type Template } from './template.ts';

const MEMBERS = [
  'StackName',
  'TemplateBody',
  'UsePreviousTemplate',
  'Parameters',
  'Tags',
  'Capabilities',
  'ClientRequestToken',
];

/** UpdateStack, of a template that needs no bucket, or of the one that the stack has. */
export const updateStack: Action<Stacks, UpdateStackInput, UpdateStackOutput> = (input, state, context) => {
  // One that waited has been judged.
  if (context.memo.going) return answered(deployStack({ StackName: '', Template: {} }, state, context));
  refuseUnknown('UpdateStack', input, MEMBERS);
  const { ClientRequestToken: token } = input;
  const stack = standing(state, input.StackName);
  if (isRepeated(state, { token, action: 'UpdateStack', stackName: stack.name })) return { StackId: stack.id };
  const given = input.UsePreviousTemplate ? stack.templateText : templateText(input.TemplateBody);
  const template = readTemplate(given);
  checkCapabilities(template, input.Capabilities);
  const parameters = parametersFor(stack, input.Parameters ?? []);
  const tags = input.Tags === undefined ? stack.tags : tagsOf(input.Tags);
  refuseNoChange(stack, { template, parameters, tags });
  return answered(
    deployStack(
      {
        StackName: stack.name,
        Template: given,
        Parameters: parameters,
        Tags: tags,
        ...(token === undefined ? {} : { ClientRequestToken: token }),
      },
      state,
      context,
    ),
  );
};

const answered = (result: ReturnType<typeof deployStack>): UpdateStackOutput | Parked =>
  isParked(result) ? result : { StackId: result.StackId };

function standing(state: Stacks, name: string | undefined): Stack {
  const isThere = state.stacks.has(name ?? '') || [...state.stacks.values()].some(({ id }) => id === name);
  if (!isThere) throw invalid(`Stack [${name}] does not exist`);
  const stack = stackNamed(state, name);
  if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(stack.status)) {
    throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
  }
  return stack;
}

/** Parameters that are not mentioned have their defaults again, as on AWS; `UsePreviousValue` keeps what was. */
function parametersFor(stack: Stack, given: readonly Parameter[]): Record<string, string> {
  return Object.fromEntries(
    given.map(({ ParameterKey: key = '', ParameterValue: value = '', UsePreviousValue: previous }) => {
      if (!previous) return [key, value];
      const before = stack.parameters[key];
      if (before !== undefined) return [key, before];
      throw invalid(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }),
  );
}

/** What of a template makes a difference to what stands. */
const essence = ({ Parameters: _p, Metadata: _m, Description: _d, AWSTemplateFormatVersion: _v, ...rest }: Template) =>
  rest;

function refuseNoChange(
  stack: Stack,
  wanted: { template: Template; parameters: Record<string, string>; tags: Stack['tags'] },
): void {
  const values = Object.fromEntries(
    [...parameterValues(wanted.template, wanted.parameters)].map(([key, value]) => [key, String(value)]),
  );
  const same =
    isDeepStrictEqual(essence(stack.template), essence(wanted.template)) &&
    isDeepStrictEqual(stack.parameters, values) &&
    isDeepStrictEqual(stack.tags, wanted.tags);
  if (same) throw invalid('No updates are to be performed.');
}
