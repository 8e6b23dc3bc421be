import type { Properties, ResourceContext, ResourceType, Standing } from '../resource-type.ts';
import { pick, tagChanges, tagMap } from './properties.ts';

/** The members that both actions know, of a mapping to a queue. */
const SETTINGS = [
  'BatchSize',
  'Enabled',
  'FilterCriteria',
  'FunctionName',
  'FunctionResponseTypes',
  'MaximumBatchingWindowInSeconds',
  'ScalingConfig',
];

/** What UpdateEventSourceMapping must be told when a property is removed. */
const DEFAULTS: Properties = {
  BatchSize: 10,
  Enabled: true,
  FilterCriteria: { Filters: [] },
  FunctionResponseTypes: [],
  MaximumBatchingWindowInSeconds: 0,
  ScalingConfig: {},
};

const standing = (uuid: string, { region, account }: ResourceContext): Standing => ({
  ref: uuid,
  attributes: {
    EventSourceMappingArn: `arn:aws:lambda:${region}:${account}:event-source-mapping:${uuid}`,
    Id: uuid,
  },
});

/** A queue that a function reads. `Ref` is the UUID. */
export const lambdaEventSourceMapping: ResourceType = {
  type: 'AWS::Lambda::EventSourceMapping',
  properties: [...SETTINGS, 'EventSourceArn', 'Tags'],
  attributes: ['EventSourceMappingArn', 'Id'],
  replacement: ['EventSourceArn'],
  create(properties, context) {
    const { UUID } = context.call('lambda', 'CreateEventSourceMapping', {
      ...pick(properties, [...SETTINGS, 'EventSourceArn']),
      ...(properties.Tags ? { Tags: tagMap(properties.Tags) } : {}),
    });
    return standing(UUID, context);
  },
  update(properties, { ref: UUID, attributes, properties: before }, context) {
    const gone = Object.keys(pick(before, SETTINGS)).filter((name) => properties[name] === undefined);
    const restored = pick(DEFAULTS, gone);
    context.call('lambda', 'UpdateEventSourceMapping', { UUID, ...pick(properties, SETTINGS), ...restored });
    const { gone: untag, put } = tagChanges(before.Tags, properties.Tags);
    const Resource = attributes.EventSourceMappingArn;
    if (untag.length > 0) context.call('lambda', 'UntagResource', { Resource, TagKeys: untag });
    if (put.length > 0) context.call('lambda', 'TagResource', { Resource, Tags: tagMap(put) });
    return standing(UUID, context);
  },
  remove: ({ ref: UUID }, context) => void context.call('lambda', 'DeleteEventSourceMapping', { UUID }),
};
