/** AWS Lambda: functions, execution environments, and the event source mappings that feed them from SQS. */
import type { Service } from '../service.ts';
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './aliases.ts';
import { runEvent } from './asynchronous.ts';
import { deleteFunctionConcurrency, getFunctionConcurrency, putFunctionConcurrency } from './concurrency.ts';
import { createFunction } from './create-function.ts';
import { deleteFunction } from './delete-function.ts';
import {
  environmentExited,
  environmentFailed,
  environmentLate,
  environmentStarted,
  expireEnvironment,
} from './environments.ts';
import {
  createEventSourceMapping,
  deleteEventSourceMapping,
  getEventSourceMapping,
  listEventSourceMappings,
  updateEventSourceMapping,
} from './event-source-mappings.ts';
import { getFunction, getFunctionConfiguration } from './get-function.ts';
import { invocationEnded, invocationTimedOut } from './invocations.ts';
import { invoke } from './invoke.ts';
import { listFunctions } from './list-functions.ts';
import { addPermission, getPolicy, removePermission } from './permissions.ts';
import { poll } from './poller.ts';
import { listVersionsByFunction, publishVersion } from './publish-version.ts';
import { getFunctionRecursionConfig, putFunctionRecursionConfig } from './recursion.ts';
import { regionLost, regionReturned } from './region.ts';
import { createState, type Lambda, type LambdaOptions } from './state.ts';
import { listTags, tagResource, untagResource } from './tags.ts';
import { updateFunctionCode } from './update-function-code.ts';
import { updateFunctionConfiguration } from './update-function-configuration.ts';

/** Lambda with limits of one's own; the drivers use it. */
export const createLambda = (options: LambdaOptions = {}): Service<Lambda> => ({
  name: 'lambda',
  create: () => createState(options),
  actions: {
    AddPermission: addPermission,
    CreateAlias: createAlias,
    CreateEventSourceMapping: createEventSourceMapping,
    CreateFunction: createFunction,
    DeleteAlias: deleteAlias,
    DeleteEventSourceMapping: deleteEventSourceMapping,
    DeleteFunction: deleteFunction,
    DeleteFunctionConcurrency: deleteFunctionConcurrency,
    GetAlias: getAlias,
    GetEventSourceMapping: getEventSourceMapping,
    GetFunction: getFunction,
    GetFunctionConcurrency: getFunctionConcurrency,
    GetFunctionConfiguration: getFunctionConfiguration,
    GetFunctionRecursionConfig: getFunctionRecursionConfig,
    GetPolicy: getPolicy,
    Invoke: invoke,
    ListAliases: listAliases,
    ListEventSourceMappings: listEventSourceMappings,
    ListFunctions: listFunctions,
    ListTags: listTags,
    ListVersionsByFunction: listVersionsByFunction,
    PublishVersion: publishVersion,
    PutFunctionConcurrency: putFunctionConcurrency,
    PutFunctionRecursionConfig: putFunctionRecursionConfig,
    RemovePermission: removePermission,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateAlias: updateAlias,
    UpdateEventSourceMapping: updateEventSourceMapping,
    UpdateFunctionCode: updateFunctionCode,
    UpdateFunctionConfiguration: updateFunctionConfiguration,
  },
  internal: {
    // What drivers report.
    EnvironmentStarted: environmentStarted,
    EnvironmentFailed: environmentFailed,
    EnvironmentExited: environmentExited,
    InvocationEnded: invocationEnded,
    // What Lambda does later of its own accord.
    EnvironmentLate: environmentLate,
    ExpireEnvironment: expireEnvironment,
    InvocationTimedOut: invocationTimedOut,
    Poll: poll,
    RegionLost: regionLost,
    RegionReturned: regionReturned,
    RunEvent: runEvent,
  },
});

export const lambda: Service<Lambda> = createLambda();
