import type { ListFunctionsRequest, ListFunctionsResponse } from '@aws-sdk/client-lambda';
import { type Action, refuseUnknown } from '../service.ts';
import { describe } from './configuration.ts';
import { qualifiedArn } from './names.ts';
import { page } from './page.ts';
import type { Lambda } from './state.ts';

/** ListFunctions: the `$LATEST` version of each, by name; with `FunctionVersion: ALL`, all versions. */
export const listFunctions: Action<Lambda, ListFunctionsRequest, ListFunctionsResponse> = (input, state) => {
  refuseUnknown('lambda:ListFunctions', input, ['FunctionVersion', 'Marker', 'MaxItems']);
  const sorted = [...state.functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const all = sorted.flatMap((found) => [
    { found, version: found.latest, arn: input.FunctionVersion === 'ALL' ? `${found.arn}:$LATEST` : found.arn },
    ...(input.FunctionVersion === 'ALL' ? [...found.versions.values()] : []).map((version) => ({
      found,
      version,
      arn: qualifiedArn(found, version.version),
    })),
  ]);
  const { items, next } = page(all, input);
  return {
    Functions: items.map(({ found, version, arn }) => describe(found, version, arn)),
    ...(next === undefined ? {} : { NextMarker: next }),
  };
};
