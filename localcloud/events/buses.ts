/** Event buses: made, described, changed, deleted, listed. */
import type {
  CreateEventBusRequest,
  CreateEventBusResponse,
  DeleteEventBusRequest,
  DescribeEventBusRequest,
  DescribeEventBusResponse,
  ListEventBusesRequest,
  ListEventBusesResponse,
  UpdateEventBusRequest,
  UpdateEventBusResponse,
} from '@aws-sdk/client-eventbridge';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { page } from './pages.ts';
import { arnOf, type Bus, beyondLimit, checkName, type Events, findBus, given, invalid, lookUpBus } from './state.ts';
import { setTags } from './tags.ts';

/** Event buses of an account in a region (EventBridge quotas). */
const MOST_BUSES = 100;
const PROPERTIES = ['Name', 'Description', 'KmsKeyIdentifier', 'DeadLetterConfig'];

/** CreateEventBus. A bus without LogConfig logs nothing; with one it is refused, for the logs would be missed. */
export const createEventBus: Action<Events, CreateEventBusRequest, CreateEventBusResponse> = (
  input,
  state,
  context,
) => {
  refuseUnknown('events:CreateEventBus', input, [...PROPERTIES, 'Tags']);
  const name = checkName(input.Name, 'name', { pattern: /^[/.\-_A-Za-z0-9]+$/, most: 256 });
  if (state.buses.has(name)) {
    throw new ServiceError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
  }
  if (state.buses.size >= MOST_BUSES) beyondLimit();
  const bus: Bus = {
    name,
    arn: arnOf(state, `event-bus/${name}`),
    createdAt: context.now,
    modifiedAt: context.now,
    rules: new Map(),
  };
  change(bus, input);
  state.buses.set(name, bus);
  setTags(state, bus.arn, input.Tags);
  return { EventBusArn: bus.arn, ...properties(bus) };
};

/** UpdateEventBus: what is not given is left as it is. */
export const updateEventBus: Action<Events, UpdateEventBusRequest, UpdateEventBusResponse> = (
  input,
  state,
  context,
) => {
  refuseUnknown('events:UpdateEventBus', input, PROPERTIES);
  const bus = findBus(state, input.Name);
  change(bus, input);
  bus.modifiedAt = context.now;
  return { Arn: bus.arn, Name: bus.name, ...properties(bus) };
};

export const describeEventBus: Action<Events, DescribeEventBusRequest, DescribeEventBusResponse> = (input, state) => {
  const bus = findBus(state, input.Name);
  return { ...summary(bus), ...properties(bus) };
};

/** DeleteEventBus. One that does not exist is deleted already. */
export const deleteEventBus: Action<Events, DeleteEventBusRequest, object> = (input, state) => {
  if (input.Name === 'default') invalid('Cannot delete event bus default.');
  const bus = lookUpBus(state, input.Name);
  if (!bus) return {};
  if (bus.rules.size > 0) invalid("EventBus can't be deleted since it has rules.");
  state.buses.delete(bus.name);
  state.tags.delete(bus.arn);
  return {};
};

export const listEventBuses: Action<Events, ListEventBusesRequest, ListEventBusesResponse> = (input, state) => {
  const found = [...state.buses.values()].filter((bus) => bus.name.startsWith(input.NamePrefix ?? ''));
  const { items, ...next } = page(found, input);
  return { EventBuses: items.map((bus) => ({ ...summary(bus), ...given({ Description: bus.description }) })), ...next };
};

function change(bus: Bus, input: UpdateEventBusRequest): void {
  if (input.Description !== undefined) bus.description = input.Description;
  if (input.KmsKeyIdentifier !== undefined) bus.kmsKeyIdentifier = input.KmsKeyIdentifier;
  if (input.DeadLetterConfig !== undefined) bus.deadLetterConfig = input.DeadLetterConfig;
}

const properties = (bus: Bus) =>
  given({
    Description: bus.description,
    KmsKeyIdentifier: bus.kmsKeyIdentifier,
    DeadLetterConfig: bus.deadLetterConfig,
  });

const summary = (bus: Bus) => ({
  Name: bus.name,
  Arn: bus.arn,
  ...given({ Policy: bus.policy }),
  CreationTime: new Date(bus.createdAt),
  LastModifiedTime: new Date(bus.modifiedAt),
});
