import type { GetParametersByPathRequest, GetParametersByPathResult } from '@aws-sdk/client-ssm';
import { type Action, refuseUnknown } from '../service.ts';
import { inWords } from './get-parameter.ts';
import { page } from './page.ts';
import { invalid, newest, type Parameters } from './state.ts';

const MEMBERS = ['Path', 'Recursive', 'WithDecryption', 'MaxResults', 'NextToken'];

/** GetParametersByPath: those directly below a path, or with `Recursive` all below it; ten at a time, by name. */
export const getParametersByPath: Action<Parameters, GetParametersByPathRequest, GetParametersByPathResult> = (
  input,
  state,
) => {
  refuseUnknown('ssm:GetParametersByPath', input, MEMBERS);
  const { Path: path = '', Recursive: recursive = false } = input;
  if (!/^\/[\w./-]*$/.test(path)) {
    throw invalid(
      'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
    );
  }
  const above = path.endsWith('/') ? path : `${path}/`;
  const below = [...state.parameters.values()]
    .filter(({ name }) => name.startsWith(above) && (recursive || !name.slice(above.length).includes('/')))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, NextToken } = page(below, input, 10);
  return {
    Parameters: items.map((parameter) => inWords(parameter, newest(parameter))),
    ...(NextToken === undefined ? {} : { NextToken }),
  };
};
