import type { DeleteParameterRequest, DeleteParameterResult } from '@aws-sdk/client-ssm';
import { type Action, refuseUnknown } from '../service.ts';
import { findParameter, type Parameters } from './state.ts';

/** DeleteParameter: with all its versions. */
export const deleteParameter: Action<Parameters, DeleteParameterRequest, DeleteParameterResult> = (input, state) => {
  refuseUnknown('ssm:DeleteParameter', input, ['Name']);
  state.parameters.delete(findParameter(state, input.Name ?? '').name);
  return {};
};
