import { writeArchive } from '../../lambda/archive.ts';
import type { GivenCode } from '../../lambda/configuration.ts';
import { refuseUnknown } from '../../service.ts';
import type { Properties, ResourceContext, ResourceType, Standing } from '../resource-type.ts';
import { invalid } from '../template.ts';
import { pick, tagChanges, tagMap } from './properties.ts';

/** Settings that the action names as CloudFormation does. */
const SETTINGS = [
  'Description',
  'Environment',
  'EphemeralStorage',
  'Handler',
  'LoggingConfig',
  'MemorySize',
  'Role',
  'Runtime',
  'Timeout',
  'TracingConfig',
];

/** What UpdateFunctionConfiguration must be told when a property is removed (Lambda API reference, CreateFunction). */
const defaults = (name: string): Record<string, unknown> => ({
  Description: '',
  Environment: { Variables: {} },
  EphemeralStorage: { Size: 512 },
  LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
  MemorySize: 128,
  Timeout: 3,
  TracingConfig: { Mode: 'PassThrough' },
});

const settings = (properties: Properties): Record<string, unknown> => ({
  ...pick(properties, SETTINGS),
  ...(properties.KmsKeyArn === undefined ? {} : { KMSKeyArn: properties.KmsKeyArn }),
});

/**
 * The folder that CDK staged, in place of the bucket it would be uploaded to; or what the template itself says, which
 * CloudFormation packs as the file `index` (reference of `AWS::Lambda::Function Code`, `ZipFile`).
 */
function codeOf(properties: Properties, { asset, logicalId }: ResourceContext): GivenCode {
  refuseUnknown(`AWS::Lambda::Function ${logicalId} Code`, properties.Code ?? {}, [
    'S3Bucket',
    'S3Key',
    'SourceKMSKeyArn',
    'ZipFile',
  ]);
  if (typeof properties.Code?.ZipFile === 'string')
    return { ZipFile: writeArchive('index.js', properties.Code.ZipFile) };
  if (asset !== undefined) return { LocalPath: asset };
  throw invalid(
    `the code of ${logicalId} is at ${properties.Code?.S3Key}, and the deployment names no folder for it; use an asset (Code.fromAsset), or code in the template (Code.fromInline)`,
  );
}

const standing = (name: string, { region, account }: ResourceContext): Standing => ({
  ref: name,
  attributes: {
    Arn: `arn:aws:lambda:${region}:${account}:function:${name}`,
    SnapStartResponse: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    'SnapStartResponse.ApplyOn': 'None',
    'SnapStartResponse.OptimizationStatus': 'Off',
  },
});

function reserve(FunctionName: string, reserved: number | undefined, context: ResourceContext): void {
  if (reserved === undefined) context.call('lambda', 'DeleteFunctionConcurrency', { FunctionName });
  else context.call('lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: reserved });
}

/** What is not said is `Terminate` (reference of `AWS::Lambda::Function`, `RecursiveLoop`). */
const loop = (FunctionName: string, RecursiveLoop: string | undefined, context: ResourceContext): void =>
  void context.call('lambda', 'PutFunctionRecursionConfig', {
    FunctionName,
    RecursiveLoop: RecursiveLoop ?? 'Terminate',
  });

function updateCode(FunctionName: string, properties: Properties, context: ResourceContext): void {
  context.call('lambda', 'UpdateFunctionCode', {
    FunctionName,
    ...codeOf(properties, context),
    ...pick(properties, ['Architectures']),
  });
}

/** A function whose code is the folder of its asset. `Ref` is the name. */
export const lambdaFunction: ResourceType = {
  type: 'AWS::Lambda::Function',
  properties: [
    'Architectures',
    'Code',
    'FunctionName',
    'KmsKeyArn',
    'PackageType',
    'RecursiveLoop',
    'ReservedConcurrentExecutions',
    ...SETTINGS,
    'Tags',
  ],
  attributes: ['Arn', 'SnapStartResponse', 'SnapStartResponse.ApplyOn', 'SnapStartResponse.OptimizationStatus'],
  replacement: ['FunctionName', 'PackageType'],
  named: 'FunctionName',
  create(properties, context) {
    const FunctionName = properties.FunctionName ?? context.name({ maximum: 64 });
    context.call('lambda', 'CreateFunction', {
      FunctionName,
      Code: codeOf(properties, context),
      ...settings(properties),
      ...pick(properties, ['Architectures', 'PackageType']),
      ...(properties.Tags ? { Tags: tagMap(properties.Tags) } : {}),
    });
    context.made(standing(FunctionName, context));
    const reserved = properties.ReservedConcurrentExecutions;
    if (reserved !== undefined) reserve(FunctionName, reserved, context);
    if (properties.RecursiveLoop !== undefined) loop(FunctionName, properties.RecursiveLoop, context);
    return standing(FunctionName, context);
  },
  update(properties, { ref: FunctionName, attributes, properties: before, asset }, context) {
    const after = settings(properties);
    const gone = Object.keys(settings(before)).filter((name) => after[name] === undefined);
    const restored = pick({ ...defaults(FunctionName), KMSKeyArn: '' }, gone);
    context.call('lambda', 'UpdateFunctionConfiguration', { FunctionName, ...after, ...restored });
    const isNew = (name: string) => JSON.stringify(before[name]) !== JSON.stringify(properties[name]);
    if (isNew('Code') || isNew('Architectures') || asset !== context.asset)
      updateCode(FunctionName, properties, context);
    if (isNew('ReservedConcurrentExecutions')) {
      reserve(FunctionName, properties.ReservedConcurrentExecutions, context);
    }
    if (isNew('RecursiveLoop')) loop(FunctionName, properties.RecursiveLoop, context);
    const { gone: untag, put } = tagChanges(before.Tags, properties.Tags);
    const Resource = attributes.Arn;
    if (untag.length > 0) context.call('lambda', 'UntagResource', { Resource, TagKeys: untag });
    if (put.length > 0) context.call('lambda', 'TagResource', { Resource, Tags: tagMap(put) });
    return standing(FunctionName, context);
  },
  remove: ({ ref: FunctionName }, context) => void context.call('lambda', 'DeleteFunction', { FunctionName }),
};
