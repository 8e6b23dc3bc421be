/** Both kinds of alarm: their properties bear the names of the action's members, and putting one anew is updating it. */
import type { Properties, ResourceContext, ResourceType, Standing } from '../resource-type.ts';
import { pick, tagChanges } from './properties.ts';

export function alarmType(type: string, action: string, properties: readonly string[]): ResourceType {
  const members = properties.filter((name) => name !== 'AlarmName' && name !== 'Tags');
  const put = (name: string, given: Properties, context: ResourceContext, tags = {}): Standing => {
    context.call('monitoring', action, { AlarmName: name, ...pick(given, members), ...tags });
    const Arn = `arn:aws:cloudwatch:${context.region}:${context.account}:alarm:${name}`;
    return { ref: name, attributes: { Arn } };
  };
  return {
    type,
    properties,
    attributes: ['Arn'],
    replacement: ['AlarmName'],
    named: 'AlarmName',
    create: (given, context) => put(given.AlarmName ?? context.name(), given, context, pick(given, ['Tags'])),
    update(given, { ref, properties: before }, context) {
      const made = put(ref, given, context);
      const { gone, put: come } = tagChanges(before.Tags, given.Tags);
      const ResourceARN = made.attributes.Arn;
      // PutMetricAlarm takes tags for a new alarm only (CloudWatch API reference).
      if (gone.length > 0) context.call('monitoring', 'UntagResource', { ResourceARN, TagKeys: gone });
      if (come.length > 0) context.call('monitoring', 'TagResource', { ResourceARN, Tags: come });
      return made;
    },
    remove: ({ ref }, context) => void context.call('monitoring', 'DeleteAlarms', { AlarmNames: [ref] }),
  };
}
