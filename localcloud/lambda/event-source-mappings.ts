/** Event source mappings: which queue a function is fed from. SQS only. */
import type {
  CreateEventSourceMappingRequest,
  DeleteEventSourceMappingRequest,
  EventSourceMappingConfiguration,
  GetEventSourceMappingRequest,
  ListEventSourceMappingsRequest,
  ListEventSourceMappingsResponse,
  UpdateEventSourceMappingRequest,
} from '@aws-sdk/client-lambda';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { checkMapping, checkQueue } from './mapping-rules.ts';
import { findFunction, invalid, parseFunctionName, qualifiedArn, versionOf } from './names.ts';
import { page } from './page.ts';
import { startPolling, stopPolling } from './poller.ts';
import type { EventSourceMapping, Lambda } from './state.ts';

// FilterCriteria are refused with the rest: Lambda deletes the messages that a filter rejects.
const SETTINGS = [
  'FunctionName',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'ScalingConfig',
  'FunctionResponseTypes',
];

export const createEventSourceMapping: Action<
  Lambda,
  CreateEventSourceMappingRequest,
  EventSourceMappingConfiguration
> = (input, state, context) => {
  refuseUnknown('lambda:CreateEventSourceMapping', input, ['EventSourceArn', 'Tags', ...SETTINGS]);
  const queueArn = input.EventSourceArn ?? '';
  if (queueArn === '') throw invalid('Unrecognized event source.');
  if (!/^arn:aws:sqs:[a-z0-9-]+:\d{12}:.+$/.test(queueArn)) {
    throw new ServiceError('NotImplemented', `lambda: the local cloud has event sources of SQS only, not ${queueArn}`, {
      status: 501,
    });
  }
  // "The function and the queue must be in the same Region" (Developer Guide, "Using Lambda with Amazon SQS").
  if (queueArn.split(':')[3] !== context.region) {
    throw invalid(
      `The event source ${queueArn} and the function must be in the same Region, which is ${context.region}.`,
    );
  }
  const { name, qualifier } = parseFunctionName(input.FunctionName);
  const found = state.functions.get(name);
  const version = found && versionOf(found, qualifier);
  if (!version) throw invalid('Function does not exist');
  const functionArn = qualifiedArn(found, qualifier);
  refuseSecond(state, queueArn, functionArn);
  const uuid = context.dice.uuid('lambda', 'mapping', context.region, name);
  const mapping: EventSourceMapping = {
    uuid,
    arn: `arn:aws:lambda:${context.region}:${context.account}:event-source-mapping:${uuid}`,
    queueArn,
    functionArn,
    functionName: name,
    qualifier,
    batchSize: 10,
    windowSeconds: 0,
    maximumConcurrency: undefined,
    responseTypes: [],
    enabled: input.Enabled ?? true,
    tags: new Map(Object.entries(input.Tags ?? {})),
    lastModified: context.now,
    lastResult: 'No records processed',
    generation: 0,
    inFlight: 0,
    polling: false,
    failures: 0,
    gathered: [],
    gatherUntil: 0,
    heldUntil: 0,
  };
  applySettings(mapping, input);
  checkQueue(context, mapping, version);
  state.mappings.set(uuid, mapping);
  startPolling(context, mapping);
  return describeMapping(mapping, 'Creating');
};

export const getEventSourceMapping: Action<Lambda, GetEventSourceMappingRequest, EventSourceMappingConfiguration> = (
  input,
  state,
) => {
  refuseUnknown('lambda:GetEventSourceMapping', input, ['UUID']);
  return describeMapping(findMapping(state, input.UUID));
};

export const listEventSourceMappings: Action<
  Lambda,
  ListEventSourceMappingsRequest,
  ListEventSourceMappingsResponse
> = (input, state, context) => {
  refuseUnknown('lambda:ListEventSourceMappings', input, ['EventSourceArn', 'FunctionName', 'Marker', 'MaxItems']);
  const arn = input.FunctionName === undefined ? undefined : arnOf(state, context, input.FunctionName);
  const wanted = [...state.mappings.values()].filter(
    (mapping) =>
      (input.EventSourceArn === undefined || mapping.queueArn === input.EventSourceArn) &&
      (arn === undefined || mapping.functionArn === arn),
  );
  const { items, next } = page(wanted, input);
  return {
    EventSourceMappings: items.map((mapping) => describeMapping(mapping)),
    ...(next === undefined ? {} : { NextMarker: next }),
  };
};

/** UpdateEventSourceMapping. A mapping that is switched off finishes the batches it has in hand. */
export const updateEventSourceMapping: Action<
  Lambda,
  UpdateEventSourceMappingRequest,
  EventSourceMappingConfiguration
> = (input, state, context) => {
  refuseUnknown('lambda:UpdateEventSourceMapping', input, ['UUID', ...SETTINGS]);
  const mapping = findMapping(state, input.UUID);
  if (input.FunctionName !== undefined) {
    const { name, qualifier } = parseFunctionName(input.FunctionName);
    mapping.functionArn = arnOf(state, context, input.FunctionName);
    mapping.functionName = name;
    mapping.qualifier = qualifier;
  }
  applySettings(mapping, input);
  mapping.lastModified = context.now;
  const was = mapping.enabled;
  mapping.enabled = input.Enabled ?? was;
  if (was && !mapping.enabled) stopPolling(mapping);
  startPolling(context, mapping);
  const changes = was === mapping.enabled ? 'Updating' : mapping.enabled ? 'Enabling' : 'Disabling';
  return describeMapping(mapping, changes);
};

export const deleteEventSourceMapping: Action<
  Lambda,
  DeleteEventSourceMappingRequest,
  EventSourceMappingConfiguration
> = (input, state) => {
  refuseUnknown('lambda:DeleteEventSourceMapping', input, ['UUID']);
  const mapping = findMapping(state, input.UUID);
  stopPolling(mapping);
  state.mappings.delete(mapping.uuid);
  return describeMapping(mapping, 'Deleting');
};

function applySettings(
  mapping: EventSourceMapping,
  input: CreateEventSourceMappingRequest | UpdateEventSourceMappingRequest,
): void {
  const settings = {
    batchSize: input.BatchSize ?? mapping.batchSize,
    windowSeconds: input.MaximumBatchingWindowInSeconds ?? mapping.windowSeconds,
    // An empty ScalingConfig takes the limit away (API reference of UpdateEventSourceMapping).
    maximumConcurrency: input.ScalingConfig ? input.ScalingConfig.MaximumConcurrency : mapping.maximumConcurrency,
    responseTypes: input.FunctionResponseTypes ?? mapping.responseTypes,
  };
  checkMapping(mapping.queueArn, settings);
  Object.assign(mapping, settings);
}

function refuseSecond(state: Lambda, queueArn: string, functionArn: string): void {
  const other = [...state.mappings.values()].find(
    (one) => one.queueArn === queueArn && one.functionArn === functionArn,
  );
  if (!other) return;
  throw new ServiceError(
    'ResourceConflictException',
    `An event source mapping with SQS arn (" ${queueArn} ") and function (" ${functionArn} ") already exists. Please update or delete the existing mapping with UUID ${other.uuid}`,
    { status: 409 },
  );
}

function arnOf(state: Lambda, context: Context, functionName: string): string {
  const { name, qualifier } = parseFunctionName(functionName);
  return qualifiedArn(findFunction(state, context, name), qualifier);
}

function findMapping(state: Lambda, uuid: string | undefined): EventSourceMapping {
  if (uuid === undefined) throw invalid('UUID is required');
  const mapping = state.mappings.get(uuid);
  if (mapping) return mapping;
  throw new ServiceError('ResourceNotFoundException', 'The resource you requested does not exist.', { status: 404 });
}

const describeMapping = (mapping: EventSourceMapping, transition?: string): EventSourceMappingConfiguration => ({
  UUID: mapping.uuid,
  EventSourceMappingArn: mapping.arn,
  EventSourceArn: mapping.queueArn,
  FunctionArn: mapping.functionArn,
  BatchSize: mapping.batchSize,
  MaximumBatchingWindowInSeconds: mapping.windowSeconds,
  ...(mapping.maximumConcurrency === undefined
    ? {}
    : { ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } }),
  FunctionResponseTypes: [...mapping.responseTypes],
  State: transition ?? (mapping.enabled ? 'Enabled' : 'Disabled'),
  StateTransitionReason: 'USER_INITIATED',
  LastModified: new Date(mapping.lastModified),
  LastProcessingResult: mapping.lastResult,
});
