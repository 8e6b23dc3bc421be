import type { GetParameterHistoryRequest, GetParameterHistoryResult } from '@aws-sdk/client-ssm';
import { type Action, refuseUnknown } from '../service.ts';
import { inWords } from './get-parameter.ts';
import { parameterOf } from './names.ts';
import { page } from './page.ts';
import type { Parameters } from './state.ts';

/** GetParameterHistory: the versions that are kept, the oldest first. */
export const getParameterHistory: Action<Parameters, GetParameterHistoryRequest, GetParameterHistoryResult> = (
  input,
  state,
) => {
  refuseUnknown('ssm:GetParameterHistory', input, ['Name', 'WithDecryption', 'MaxResults', 'NextToken']);
  const parameter = parameterOf(state, input.Name ?? '');
  const { items, NextToken } = page(parameter.versions, input, 50);
  return {
    Parameters: items.map((version) => {
      const { ARN: _, ...said } = inWords(parameter, version);
      return {
        ...said,
        LastModifiedUser: version.modifiedBy,
        Labels: [],
        Tier: 'Standard',
        Policies: [],
        ...(version.description === undefined ? {} : { Description: version.description }),
        ...(version.allowedPattern === undefined ? {} : { AllowedPattern: version.allowedPattern }),
      };
    }),
    ...(NextToken === undefined ? {} : { NextToken }),
  };
};
