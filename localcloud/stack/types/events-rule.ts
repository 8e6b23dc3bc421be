import { ServiceError } from '../../service.ts';
import type { Properties, ResourceContext, ResourceType, Standing } from '../resource-type.ts';
import { documentText, pick, tagChanges } from './properties.ts';

/** The bus may be given by name or by ARN; a rule's ARN and id are made of its name. */
const busName = ({ EventBusName = 'default' }: Properties): string =>
  EventBusName.slice(EventBusName.lastIndexOf('/') + 1);

/** `Ref` is the name, and `bus|name` on a custom bus (cloudformation-coverage-roadmap#1131). */
function standing(name: string, properties: Properties, { region, account }: ResourceContext): Standing {
  const bus = busName(properties);
  const isDefault = bus === 'default';
  return {
    ref: isDefault ? name : `${bus}|${name}`,
    attributes: {
      Arn: `arn:aws:events:${region}:${account}:rule/${isDefault ? '' : `${bus}/`}${name}`,
      RuleName: name,
    },
  };
}

const putRule = (name: string, properties: Properties, tags: boolean): Record<string, unknown> => ({
  Name: name,
  ...pick(properties, ['Description', 'EventBusName', 'RoleArn', 'ScheduleExpression', 'State']),
  ...(properties.EventPattern === undefined ? {} : { EventPattern: documentText(properties.EventPattern) }),
  ...(tags && properties.Tags ? { Tags: properties.Tags } : {}),
});

type Target = { readonly Id: string };

function putTargets(name: string, properties: Properties, context: ResourceContext): void {
  const targets: Target[] = properties.Targets ?? [];
  if (targets.length === 0) return;
  const { FailedEntries = [] } = context.call('events', 'PutTargets', {
    Rule: name,
    ...pick(properties, ['EventBusName']),
    Targets: targets,
  });
  refuseFailed(FailedEntries);
}

function removeTargets(
  name: string,
  { bus, ids }: { bus: object; ids: readonly string[] },
  context: ResourceContext,
): void {
  if (ids.length === 0) return;
  refuseFailed(context.call('events', 'RemoveTargets', { Rule: name, ...bus, Ids: ids }).FailedEntries ?? []);
}

/** PutTargets and RemoveTargets answer success even where a target failed. */
function refuseFailed(failed: readonly { TargetId?: string; ErrorCode?: string; ErrorMessage?: string }[]): void {
  const [first] = failed;
  if (first)
    throw new ServiceError(first.ErrorCode ?? 'InternalFailure', `target ${first.TargetId}: ${first.ErrorMessage}`);
}

const idsOf = (properties: Properties): string[] => (properties.Targets ?? []).map(({ Id }: Target) => Id);

/** A rule with its targets. `Ref` is the name, or `bus|name` on a custom bus. */
export const eventsRule: ResourceType = {
  type: 'AWS::Events::Rule',
  properties: [
    'Description',
    'EventBusName',
    'EventPattern',
    'Name',
    'RoleArn',
    'ScheduleExpression',
    'State',
    'Tags',
    'Targets',
  ],
  attributes: ['Arn', 'RuleName'],
  replacement: ['Name', 'EventBusName'],
  create(properties, context) {
    const name = properties.Name ?? context.name({ maximum: 64 });
    context.call('events', 'PutRule', putRule(name, properties, true));
    context.made(standing(name, properties, context));
    putTargets(name, properties, context);
    return standing(name, properties, context);
  },
  update(properties, existing, context) {
    const name = existing.attributes.RuleName as string;
    context.call('events', 'PutRule', putRule(name, properties, false));
    const kept = idsOf(properties);
    const gone = idsOf(existing.properties).filter((id) => !kept.includes(id));
    removeTargets(name, { bus: pick(properties, ['EventBusName']), ids: gone }, context);
    putTargets(name, properties, context);
    const tags = tagChanges(existing.properties.Tags, properties.Tags);
    const ResourceARN = existing.attributes.Arn;
    if (tags.gone.length > 0) context.call('events', 'UntagResource', { ResourceARN, TagKeys: tags.gone });
    if (tags.put.length > 0) context.call('events', 'TagResource', { ResourceARN, Tags: tags.put });
    return standing(name, properties, context);
  },
  remove({ attributes, properties }, context) {
    const name = attributes.RuleName as string;
    const bus = pick(properties, ['EventBusName']);
    removeTargets(name, { bus, ids: idsOf(properties) }, context);
    context.call('events', 'DeleteRule', { Name: name, ...bus });
  },
};
