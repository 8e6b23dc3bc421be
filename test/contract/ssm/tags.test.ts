import {
  AddTagsToResourceCommand,
  ListTagsForResourceCommand,
  RemoveTagsFromResourceCommand,
  type ResourceTypeForTagging,
} from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, givenParameter } from './given.ts';

const resource = (ResourceId: string, ResourceType: ResourceTypeForTagging = 'Parameter') => ({
  ResourceType,
  ResourceId,
});
const list = async (aws: Aws, name: string) =>
  (await aws.ssm.send(new ListTagsForResourceCommand(resource(name)))).TagList;
const add = (aws: Aws, name: string, Tags: { Key: string; Value: string }[]) =>
  aws.ssm.send(new AddTagsToResourceCommand({ ...resource(name), Tags }));

behaviour(
  'tags are put on, changed and taken off',
  {
    source: api('AddTagsToResource'),
    covers: ['ssm:AddTagsToResource', 'ssm:RemoveTagsFromResource', 'ssm:ListTagsForResource'],
  },
  async (aws) => {
    const name = await givenParameter(aws);
    await add(aws, name, [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '1' },
    ]);
    await add(aws, name, [{ Key: 'a', Value: '2' }]);
    await aws.ssm.send(new RemoveTagsFromResourceCommand({ ...resource(name), TagKeys: ['b', 'never'] }));
    expect(await list(aws, name)).toEqual([{ Key: 'a', Value: '2' }]);
  },
);

behaviour(
  'a parameter has fifty tags at most, and what is too much changes nothing',
  {
    source: api('AddTagsToResource'),
    covers: ['ssm:AddTagsToResource', 'ssm:AddTagsToResource!TooManyTagsError'],
  },
  async (aws) => {
    const name = await givenParameter(aws);
    const tags = Array.from({ length: 51 }, (_, at) => ({ Key: `k${at}`, Value: 'v' }));
    await refused(add(aws, name, tags), 'TooManyTagsError');
    expect(await list(aws, name)).toEqual([]);
  },
);

behaviour(
  'what does not exist has no tags, nor has what has no such type',
  {
    source: api('AddTagsToResource'),
    covers: [
      'ssm:AddTagsToResource!InvalidResourceId',
      'ssm:AddTagsToResource!InvalidResourceType',
      'ssm:RemoveTagsFromResource!InvalidResourceId',
      'ssm:RemoveTagsFromResource!InvalidResourceType',
      'ssm:ListTagsForResource!InvalidResourceId',
      'ssm:ListTagsForResource!InvalidResourceType',
    ],
  },
  async (aws) => {
    const name = await givenParameter(aws);
    for (const [about, error] of [
      [resource(`${name}-other`), 'InvalidResourceId'],
      [resource(name, 'Nonsense' as ResourceTypeForTagging), 'InvalidResourceType'],
    ] as const) {
      await refused(aws.ssm.send(new AddTagsToResourceCommand({ ...about, Tags: [{ Key: 'a', Value: '1' }] })), error);
      await refused(aws.ssm.send(new RemoveTagsFromResourceCommand({ ...about, TagKeys: ['a'] })), error);
      await refused(aws.ssm.send(new ListTagsForResourceCommand(about)), error);
    }
  },
);
