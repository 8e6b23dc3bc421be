/** AWS Systems Manager, of which this is Parameter Store: settings by name, with their history. */
import type { Service } from '../service.ts';
import { deleteParameter } from './delete-parameter.ts';
import { getParameter, getParameters } from './get-parameter.ts';
import { getParameterHistory } from './get-parameter-history.ts';
import { getParametersByPath } from './get-parameters-by-path.ts';
import { putParameter } from './put-parameter.ts';
import { createParameters, type Parameters } from './state.ts';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './tags.ts';

export const ssm: Service<Parameters> = {
  name: 'ssm',
  create: createParameters,
  actions: {
    AddTagsToResource: addTagsToResource,
    DeleteParameter: deleteParameter,
    GetParameter: getParameter,
    GetParameterHistory: getParameterHistory,
    GetParameters: getParameters,
    GetParametersByPath: getParametersByPath,
    ListTagsForResource: listTagsForResource,
    PutParameter: putParameter,
    RemoveTagsFromResource: removeTagsFromResource,
  },
};
