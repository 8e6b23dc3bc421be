/**
 * Whether a function may send to the queue that calls it, again and again. It is kept and told; the local cloud counts no
 * rounds, and stops none after sixteen as Lambda does where it is `Terminate`.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
import type {
  GetFunctionRecursionConfigRequest,
  GetFunctionRecursionConfigResponse,
  PutFunctionRecursionConfigRequest,
  PutFunctionRecursionConfigResponse,
} from '@aws-sdk/client-lambda';
import { type Action, refuseUnknown } from '../service.ts';
import { findFunction, invalid, parseFunctionName } from './names.ts';
import type { Lambda } from './state.ts';

const SETTINGS: readonly unknown[] = ['Allow', 'Terminate'];

export const putFunctionRecursionConfig: Action<
  Lambda,
  PutFunctionRecursionConfigRequest,
  PutFunctionRecursionConfigResponse
> = (input, state, context) => {
  refuseUnknown('lambda:PutFunctionRecursionConfig', input, ['FunctionName', 'RecursiveLoop']);
  const { RecursiveLoop } = input;
  if (RecursiveLoop === undefined || !SETTINGS.includes(RecursiveLoop))
    throw invalid(`RecursiveLoop must be Allow or Terminate, not ${RecursiveLoop}`);
  findFunction(state, context, parseFunctionName(input.FunctionName).name).recursiveLoop = RecursiveLoop;
  return { RecursiveLoop };
};

export const getFunctionRecursionConfig: Action<
  Lambda,
  GetFunctionRecursionConfigRequest,
  GetFunctionRecursionConfigResponse
> = (input, state, context) => {
  refuseUnknown('lambda:GetFunctionRecursionConfig', input, ['FunctionName']);
  const { recursiveLoop } = findFunction(state, context, parseFunctionName(input.FunctionName).name);
  return { RecursiveLoop: recursiveLoop };
};
