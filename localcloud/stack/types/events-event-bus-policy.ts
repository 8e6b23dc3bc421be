import type { Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { documentText } from './properties.ts';

/** One statement of a bus's policy. Given as a `Statement` it goes into the document as it is; the older properties say the same in parts. */
function put(properties: Properties, context: ResourceContext): void {
  const { EventBusName = 'default', StatementId, Statement, Action, Principal, Condition } = properties;
  if (Statement === undefined) {
    context.call('events', 'PutPermission', {
      EventBusName,
      StatementId,
      Action,
      Principal,
      ...(Condition === undefined ? {} : { Condition }),
    });
    return;
  }
  const policy = context.call('events', 'DescribeEventBus', { Name: EventBusName }).Policy;
  const document = policy ? JSON.parse(policy) : { Version: '2012-10-17', Statement: [] };
  const others = [document.Statement].flat().filter((statement: { Sid?: string }) => statement.Sid !== StatementId);
  const Policy = documentText({ ...document, Statement: [...others, { ...Statement, Sid: StatementId }] });
  context.call('events', 'PutPermission', { EventBusName, Policy });
}

const idOf = ({ EventBusName = 'default', StatementId }: Properties): string => `${EventBusName}|${StatementId}`;

/** One statement of the policy of a bus. `Ref` is `bus|statement`. */
export const eventsEventBusPolicy: ResourceType = {
  type: 'AWS::Events::EventBusPolicy',
  properties: ['EventBusName', 'StatementId', 'Statement', 'Action', 'Principal', 'Condition'],
  attributes: [],
  replacement: ['EventBusName', 'StatementId'],
  create(properties, context) {
    put(properties, context);
    return { ref: idOf(properties), attributes: {} };
  },
  update(properties, existing, context) {
    put(properties, context);
    return existing;
  },
  remove: ({ properties: { EventBusName = 'default', StatementId } }, context) =>
    void context.call('events', 'RemovePermission', { EventBusName, StatementId }),
};
