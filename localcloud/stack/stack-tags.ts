/** A stack's tags go to all that it makes and that takes tags (CloudFormation User Guide, "Resource tag"). */
import type { Properties, ResourceType } from './resource-type.ts';
import type { Stack } from './state.ts';

/** The properties with the stack's tags among their own. Where both have a key, the resource's own value is the one. */
export function withStackTags(properties: Properties, type: ResourceType, tags: Stack['tags']): Properties {
  if (tags.length === 0 || !type.properties.includes('Tags')) return properties;
  if (type.tagsAre === 'map') {
    const inherited = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
    return { ...properties, Tags: { ...inherited, ...properties.Tags } };
  }
  const own: Stack['tags'] = properties.Tags ?? [];
  const inherited = tags.filter(({ Key }) => !own.some((tag) => tag.Key === Key));
  return { ...properties, Tags: [...own, ...inherited] };
}
