import type { Properties, ResourceContext, ResourceType, Standing } from '../resource-type.ts';
import { documentText, pick } from './properties.ts';

const settings = (properties: Properties): Record<string, unknown> => ({
  ...pick(properties, ['Description', 'KmsKeyIdentifier', 'RetentionDays']),
  ...(properties.EventPattern === undefined ? {} : { EventPattern: documentText(properties.EventPattern) }),
});

const standing = (name: string, { region, account }: ResourceContext): Standing => ({
  ref: name,
  attributes: { Arn: `arn:aws:events:${region}:${account}:archive/${name}` },
});

/** `Ref` is the name of the archive. */
export const eventsArchive: ResourceType = {
  type: 'AWS::Events::Archive',
  properties: ['ArchiveName', 'Description', 'EventPattern', 'KmsKeyIdentifier', 'RetentionDays', 'SourceArn'],
  attributes: ['Arn'],
  replacement: ['ArchiveName', 'SourceArn'],
  named: 'ArchiveName',
  create(properties, context) {
    const ArchiveName = properties.ArchiveName ?? context.name({ maximum: 48 });
    const EventSourceArn = properties.SourceArn;
    context.call('events', 'CreateArchive', { ArchiveName, EventSourceArn, ...settings(properties) });
    return standing(ArchiveName, context);
  },
  update(properties, { ref: ArchiveName }, context) {
    context.call('events', 'UpdateArchive', { ArchiveName, ...settings(properties) });
    return standing(ArchiveName, context);
  },
  remove: ({ ref: ArchiveName }, context) => void context.call('events', 'DeleteArchive', { ArchiveName }),
};
