import type { Properties, ResourceContext, ResourceType, Standing } from '../resource-type.ts';
import { documentText, pick, tagChanges } from './properties.ts';

const SETTINGS = ['DeadLetterConfig', 'Description', 'KmsKeyIdentifier', 'LogConfig'];

const standing = (name: string, properties: Properties, { region, account }: ResourceContext): Standing => ({
  ref: name,
  attributes: {
    Arn: `arn:aws:events:${region}:${account}:event-bus/${name}`,
    Name: name,
    Policy: properties.Policy === undefined ? '' : documentText(properties.Policy),
  },
});

/** `Ref` is the name of the bus. */
export const eventsEventBus: ResourceType = {
  type: 'AWS::Events::EventBus',
  properties: ['Name', ...SETTINGS, 'Policy', 'Tags'],
  attributes: ['Arn', 'Name', 'Policy'],
  replacement: ['Name'],
  named: 'Name',
  create(properties, context) {
    const { Name, Policy } = properties;
    context.call('events', 'CreateEventBus', { Name, ...pick(properties, [...SETTINGS, 'Tags']) });
    context.made(standing(Name, properties, context));
    if (Policy !== undefined)
      context.call('events', 'PutPermission', { EventBusName: Name, Policy: documentText(Policy) });
    return standing(Name, properties, context);
  },
  update(properties, { ref: Name, attributes, properties: before }, context) {
    context.call('events', 'UpdateEventBus', { Name, ...pick(properties, SETTINGS) });
    const isChanged = JSON.stringify(properties.Policy) !== JSON.stringify(before.Policy);
    // Put only when it changed: the whole document would overwrite what an EventBusPolicy added.
    if (isChanged && properties.Policy !== undefined) {
      context.call('events', 'PutPermission', { EventBusName: Name, Policy: documentText(properties.Policy) });
    } else if (isChanged) {
      context.call('events', 'RemovePermission', { EventBusName: Name, RemoveAllPermissions: true });
    }
    const { gone, put } = tagChanges(before.Tags, properties.Tags);
    if (gone.length > 0) context.call('events', 'UntagResource', { ResourceARN: attributes.Arn, TagKeys: gone });
    if (put.length > 0) context.call('events', 'TagResource', { ResourceARN: attributes.Arn, Tags: put });
    return standing(Name, properties, context);
  },
  remove: ({ ref: Name }, context) => void context.call('events', 'DeleteEventBus', { Name }),
};
