import type { Properties, ResourceContext, ResourceType, Standing } from '../resource-type.ts';
import { pick, type Tags, tagChanges } from './properties.ts';

const SAID = ['AllowedPattern', 'DataType', 'Description', 'Tier', 'Type', 'Value'];

/** In an ARN a name has no slash in front. */
const standing = (name: string, { Type, Value }: Properties, { region, account }: ResourceContext): Standing => ({
  ref: name,
  attributes: { Arn: `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`, Type, Value },
});

/** Of this type tags are a map, where most types have a list. */
const listed = (tags: Readonly<Record<string, string>> = {}): Tags =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/**
 * `Ref` is the name. Whatever changes, the value is written anew as the template has it: what somebody else wrote is gone.
 * https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-ssm
 */
export const ssmParameter: ResourceType = {
  type: 'AWS::SSM::Parameter',
  properties: ['Name', ...SAID, 'Tags'],
  attributes: ['Arn', 'Type', 'Value'],
  replacement: ['Name'],
  named: 'Name',
  tagsAre: 'map',
  create(properties, context) {
    const Name = properties.Name ?? context.name({ maximum: 512 });
    const tags = listed(properties.Tags);
    context.call('ssm', 'PutParameter', {
      Name,
      ...pick(properties, SAID),
      ...(tags.length > 0 ? { Tags: tags } : {}),
    });
    return standing(Name, properties, context);
  },
  update(properties, { ref: Name, properties: before }, context) {
    context.call('ssm', 'PutParameter', { Name, ...pick(properties, SAID), Overwrite: true });
    const { gone, put } = tagChanges(listed(before.Tags), listed(properties.Tags));
    const resource = { ResourceType: 'Parameter', ResourceId: Name };
    if (gone.length > 0) context.call('ssm', 'RemoveTagsFromResource', { ...resource, TagKeys: gone });
    if (put.length > 0) context.call('ssm', 'AddTagsToResource', { ...resource, Tags: put });
    return standing(Name, properties, context);
  },
  remove: ({ ref: Name }, context) => void context.call('ssm', 'DeleteParameter', { Name }),
};
