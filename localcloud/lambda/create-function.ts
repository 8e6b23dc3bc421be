import type { CreateFunctionRequest, FunctionConfiguration } from '@aws-sdk/client-lambda';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { describe, type GivenCode, initialVersion, SETTINGS } from './configuration.ts';
import { functionArn, invalid, parseFunctionName, qualifiedArn } from './names.ts';
import { publish } from './publish-version.ts';
import type { Lambda, LambdaFunction } from './state.ts';

const MEMBERS = ['FunctionName', 'Code', 'PackageType', 'Publish', 'Tags', 'Architectures', ...SETTINGS];

/** CreateFunction, from a ZIP file or, in place of a bucket, from `Code: { LocalPath }`. */
export const createFunction: Action<
  Lambda,
  Omit<CreateFunctionRequest, 'Code'> & { Code: GivenCode | undefined },
  FunctionConfiguration
> = (input, state, context) => {
  refuseUnknown('lambda:CreateFunction', input, MEMBERS);
  const { name } = parseFunctionName(input.FunctionName);
  if (state.functions.has(name)) {
    throw new ServiceError('ResourceConflictException', `Function already exist: ${name}`, { status: 409 });
  }
  if (input.PackageType === 'Image') {
    throw new ServiceError('NotImplemented', 'lambda:CreateFunction: the local cloud does not run container images', {
      status: 501,
    });
  }
  // Code in a folder of this machine may leave them out.
  if (input.Code?.ZipFile && (input.Runtime === undefined || input.Handler === undefined)) {
    throw invalid('Runtime and Handler are mandatory parameters for functions created with deployment packages.');
  }
  const latest = initialVersion(input, input.Code, context, name);
  if (input.Architectures) latest.architectures = [...input.Architectures];
  const created: LambdaFunction = {
    name,
    arn: functionArn(context, name),
    latest,
    versions: new Map(),
    lastPublished: 0,
    aliases: new Map(),
    policy: [],
    policyRevisions: new Map(),
    tags: new Map(Object.entries(input.Tags ?? {})),
    reserved: undefined,
    recursiveLoop: 'Terminate',
    waiting: [],
  };
  state.functions.set(name, created);
  if (!input.Publish) return describe(created, latest, created.arn);
  const version = publish(created, input.Description, context);
  return describe(created, version, qualifiedArn(created, version.version));
};
