/** What Parameter Store asks of policies (Service Authorization Reference, "AWS Systems Manager"). */
import type { Authorisation, Needs } from '../policy/demand.ts';
import { ServiceError } from '../service.ts';
import { arnOf } from './names.ts';

const on =
  (action: string, name: (input: any) => string | undefined): Needs =>
  (asked) => [{ action: `ssm:${action}`, resource: arnOf(asked, name(asked.input) ?? '') }];

const tagged = (input: { ResourceId?: string }) => input.ResourceId;
const named = (input: { Name?: string }) => input.Name;

export const ssmAuthorisation: Authorisation = {
  needs: {
    AddTagsToResource: on('AddTagsToResource', tagged),
    DeleteParameter: on('DeleteParameter', named),
    GetParameter: on('GetParameter', named),
    GetParameterHistory: on('GetParameterHistory', named),
    GetParameters: (asked) =>
      ((asked.input.Names ?? []) as readonly string[]).map((name) => ({
        action: 'ssm:GetParameters',
        resource: arnOf(asked, name),
      })),
    GetParametersByPath: (asked) => [
      {
        action: 'ssm:GetParametersByPath',
        // As it is given: with a slash at its end it is another resource.
        resource: arnOf(asked, asked.input.Path ?? ''),
        keys: { 'ssm:recursive': String(asked.input.Recursive === true) },
      },
    ],
    ListTagsForResource: on('ListTagsForResource', tagged),
    PutParameter: (asked) => [
      {
        action: 'ssm:PutParameter',
        resource: arnOf(asked, asked.input.Name ?? ''),
        keys: { 'ssm:overwrite': String(asked.input.Overwrite === true) },
      },
      ...(asked.input.Tags?.length > 0 ? on('AddTagsToResource', named)(asked) : []),
    ],
    RemoveTagsFromResource: on('RemoveTagsFromResource', tagged),
  },
  refuse: (message) => new ServiceError('AccessDeniedException', message),
};
