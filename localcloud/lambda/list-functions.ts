import type { ListFunctionsRequest, ListFunctionsResponse } from '@aws-sdk/client-lambda';
import { type Action, refuseUnknown } from '../service.ts';
import { describe } from './configuration.ts';
import { page } from './page.ts';
import type { Lambda } from './state.ts';

/** ListFunctions: the `$LATEST` version of each, by name. */
export const listFunctions: Action<Lambda, ListFunctionsRequest, ListFunctionsResponse> = (input, state) => {
  refuseUnknown('lambda:ListFunctions', input, ['Marker', 'MaxItems']);
  const sorted = [...state.functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, next } = page(sorted, input);
  return {
    Functions: items.map((found) => describe(found, found.latest, found.arn)),
    ...(next === undefined ? {} : { NextMarker: next }),
  };
};
