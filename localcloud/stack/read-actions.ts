/** The actions that only look: at stacks, their resources, templates and exports. Answers fit on one page, so none has a NextToken. */
import type {
  DescribeStackEventsInput,
  DescribeStackEventsOutput,
  DescribeStackResourceInput,
  DescribeStackResourceOutput,
  DescribeStackResourcesInput,
  DescribeStackResourcesOutput,
  DescribeStacksInput,
  DescribeStacksOutput,
  GetTemplateInput,
  GetTemplateOutput,
  ListExportsInput,
  ListExportsOutput,
  ListImportsInput,
  ListImportsOutput,
  ListStackResourcesInput,
  ListStackResourcesOutput,
  ListStacksInput,
  ListStacksOutput,
  Stack as StackDescription,
} from '@aws-sdk/client-cloudformation';
import { type Action, refuseUnknown } from '../service.ts';
import { exportsOf, importersOf, type Stack, type StackResource, type Stacks, stackNamed } from './state.ts';
import { invalid } from './template.ts';

export const describeStacks: Action<Stacks, DescribeStacksInput, DescribeStacksOutput> = (input, state) => {
  refuseUnknown('DescribeStacks', input, ['StackName']);
  const found = input.StackName === undefined ? [...state.stacks.values()] : [stackNamed(state, input.StackName)];
  return { Stacks: found.map(describe) };
};

const times = (stack: Stack) => ({
  CreationTime: new Date(stack.createdAt),
  ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: new Date(stack.updatedAt) }),
  ...(stack.deletedAt === undefined ? {} : { DeletionTime: new Date(stack.deletedAt) }),
});

const status = (stack: Stack) => ({
  StackId: stack.id,
  StackName: stack.name,
  StackStatus: stack.status,
  ...(stack.reason === undefined ? {} : { StackStatusReason: stack.reason }),
});

const describe = (stack: Stack): StackDescription => ({
  ...status(stack),
  ...times(stack),
  ...(stack.template.Description === undefined ? {} : { Description: stack.template.Description }),
  Parameters: Object.entries(stack.parameters).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: String(stack.template.Parameters?.[ParameterKey]?.NoEcho) === 'true' ? '****' : value,
  })),
  Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
    OutputKey: key,
    OutputValue: value,
    ...(description === undefined ? {} : { Description: description }),
    ...(exportName === undefined ? {} : { ExportName: exportName }),
  })),
  Tags: stack.tags.map((tag) => ({ ...tag })),
  EnableTerminationProtection: stack.terminationProtection,
  NotificationARNs: [],
  RollbackConfiguration: {},
  DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  DisableRollback: false,
});

export const listStacks: Action<Stacks, ListStacksInput, ListStacksOutput> = (input, state) => {
  refuseUnknown('ListStacks', input, ['StackStatusFilter']);
  const { StackStatusFilter: wanted = [] } = input;
  return {
    StackSummaries: [...state.stacks.values(), ...state.deleted]
      .filter((stack) => wanted.length === 0 || wanted.includes(stack.status))
      .map((stack) => ({ ...status(stack), ...times(stack) })),
  };
};

const describeResource = (resource: StackResource) => ({
  LogicalResourceId: resource.logicalId,
  PhysicalResourceId: resource.ref,
  ResourceType: resource.type,
  ResourceStatus: resource.status,
  ...(resource.reason === undefined ? {} : { ResourceStatusReason: resource.reason }),
});

export const describeStackResources: Action<Stacks, DescribeStackResourcesInput, DescribeStackResourcesOutput> = (
  input,
  state,
) => {
  refuseUnknown('DescribeStackResources', input, ['StackName', 'LogicalResourceId', 'PhysicalResourceId']);
  const stack = stackHolding(input, state);
  const { LogicalResourceId: wanted } = input;
  const resources = [...stack.resources.values()].filter(
    ({ logicalId }) => wanted === undefined || logicalId === wanted,
  );
  return {
    StackResources: resources.map((resource) => ({
      StackId: stack.id,
      StackName: stack.name,
      ...describeResource(resource),
      Timestamp: new Date(resource.changedAt),
    })),
  };
};

export const describeStackResource: Action<Stacks, DescribeStackResourceInput, DescribeStackResourceOutput> = (
  input,
  state,
) => {
  refuseUnknown('DescribeStackResource', input, ['StackName', 'LogicalResourceId']);
  const stack = stackNamed(state, input.StackName);
  const resource = stack.resources.get(input.LogicalResourceId ?? '');
  if (!resource) {
    throw invalid(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`);
  }
  const { changedAt } = resource;
  const LastUpdatedTimestamp = new Date(changedAt);
  const of = { StackId: stack.id, StackName: stack.name };
  return { StackResourceDetail: { ...of, ...describeResource(resource), LastUpdatedTimestamp } };
};

/** DescribeStackEvents: the newest first. */
export const describeStackEvents: Action<Stacks, DescribeStackEventsInput, DescribeStackEventsOutput> = (
  input,
  state,
) => {
  refuseUnknown('DescribeStackEvents', input, ['StackName']);
  if (input.StackName === undefined || input.StackName === '') throw invalid('Stack name must be specified');
  const found =
    state.stacks.get(input.StackName) ??
    [...state.stacks.values(), ...state.deleted].find(({ id }) => id === input.StackName);
  if (!found) throw invalid(`Stack [${input.StackName}] does not exist`);
  return { StackEvents: found.events.toReversed() };
};

function stackHolding({ StackName, PhysicalResourceId }: DescribeStackResourcesInput, state: Stacks): Stack {
  if (PhysicalResourceId === undefined) return stackNamed(state, StackName);
  for (const stack of state.stacks.values()) {
    for (const { ref } of stack.resources.values()) if (ref === PhysicalResourceId) return stack;
  }
  throw invalid(`Stack for ${PhysicalResourceId} does not exist`);
}

export const listStackResources: Action<Stacks, ListStackResourcesInput, ListStackResourcesOutput> = (input, state) => {
  refuseUnknown('ListStackResources', input, ['StackName']);
  return {
    StackResourceSummaries: [...stackNamed(state, input.StackName).resources.values()].map((resource) => ({
      ...describeResource(resource),
      LastUpdatedTimestamp: new Date(resource.changedAt),
    })),
  };
};

export const getTemplate: Action<Stacks, GetTemplateInput, GetTemplateOutput> = (input, state) => {
  refuseUnknown('GetTemplate', input, ['StackName', 'TemplateStage']);
  const { templateText } = stackNamed(state, input.StackName);
  return { TemplateBody: templateText, StagesAvailable: ['Original', 'Processed'] };
};

export const listImports: Action<Stacks, ListImportsInput, ListImportsOutput> = (input, state) => {
  refuseUnknown('ListImports', input, ['ExportName']);
  const importers = importersOf(state, input.ExportName ?? '');
  if (importers.length === 0) throw invalid(`Export '${input.ExportName}' is not imported by any stack.`);
  return { Imports: importers };
};

export const listExports: Action<Stacks, ListExportsInput, ListExportsOutput> = (input, state) => {
  refuseUnknown('ListExports', input, []);
  return {
    Exports: exportsOf(state).map(({ stack, name, value }) => ({
      ExportingStackId: stack.id,
      Name: name,
      Value: value,
    })),
  };
};
