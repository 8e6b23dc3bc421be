/**
 * Reads what `cdk synth` wrote: the stacks of a cloud assembly, in the order in which they can be deployed. The only
 * file of this folder that reads a disk.
 */
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Template } from './template.ts';

export interface Assembly {
  /** Absolute path of the folder, `cdk.out`. */
  readonly folder: string;
  /** Each after those that it depends on. */
  readonly stacks: readonly AssemblyStack[];
}

export interface AssemblyStack {
  readonly name: string;
  readonly region: string;
  /** The account it was synthesised for; undefined where the app left it open. */
  readonly account?: string;
  readonly template: Template;
  /** Absolute folders of the assets, by the logical id of the resource that uses them. */
  readonly assets: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  /** It stands in the manifest, not in the template. */
  readonly terminationProtection: boolean;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly file?: string;
    readonly directoryName?: string;
    readonly stackName?: string;
    readonly parameters?: Record<string, string>;
    readonly tags?: Record<string, string>;
    readonly terminationProtection?: boolean;
  };
}

type Artifacts = ReadonlyMap<string, Artifact>;

const readJson = (path: string): any => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is not a file of a cloud assembly (${(error as Error).message}); run cdk synth first`);
  }
};

/**
 * @param options.region where a stack goes whose app left the region open
 * @throws Error when the folder holds no assembly, or an asset is missing
 */
export function readAssembly(folder: string, options: { readonly region?: string } = {}): Assembly {
  const { region = 'us-east-1' } = options;
  const root = resolve(folder);
  const artifacts: Artifacts = new Map(Object.entries(readJson(join(root, 'manifest.json')).artifacts ?? {}));
  const stacks = inOrder(artifacts).flatMap(([id, artifact]) => {
    // A CDK Stage is an assembly within the assembly.
    if (artifact.type === 'cdk:cloud-assembly') {
      return readAssembly(join(root, artifact.properties?.directoryName ?? id), { region }).stacks;
    }
    return artifact.type === 'aws:cloudformation:stack' ? [readStack(root, artifact, { id, region, artifacts })] : [];
  });
  return { folder: root, stacks };
}

/** Artifacts, each after its dependencies. CDK refuses circles between stacks itself. */
function inOrder(artifacts: Artifacts): [string, Artifact][] {
  const sorted = new Map<string, Artifact>();
  const visit = (id: string, path: readonly string[]) => {
    const artifact = artifacts.get(id);
    if (!artifact || sorted.has(id) || path.includes(id)) return;
    for (const dependency of artifact.dependencies ?? []) visit(dependency, [...path, id]);
    sorted.set(id, artifact);
  };
  for (const id of artifacts.keys()) visit(id, []);
  return [...sorted];
}

function readStack(
  root: string,
  { environment = '', properties = {}, dependencies = [] }: Artifact,
  from: { readonly id: string; readonly region: string; readonly artifacts: Artifacts },
): AssemblyStack {
  const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
  const template: Template = readJson(join(root, properties.templateFile ?? `${from.id}.template.json`));
  const manifests = dependencies.flatMap((id) => {
    const artifact = from.artifacts.get(id);
    return artifact?.type === 'cdk:asset-manifest' && artifact.properties?.file ? [artifact.properties.file] : [];
  });
  return {
    name: properties.stackName ?? from.id,
    region: region === '' || region === 'unknown-region' ? from.region : region,
    ...(account === '' || account === 'unknown-account' ? {} : { account }),
    template,
    assets: assetFolders(root, template, manifests),
    parameters: usedParameters(properties.parameters ?? {}, template),
    tags: Object.entries(properties.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    terminationProtection: properties.terminationProtection ?? false,
  };
}

/** CDK lists parameters of the synthesizer too; those a template does not have are not given to it. */
const usedParameters = (given: Record<string, string>, { Parameters = {} }: Template): Record<string, string> =>
  Object.fromEntries(Object.entries(given).filter(([name]) => Parameters[name] !== undefined));

/** Where the code of each function lies: by the metadata that CDK gives to SAM, or else by the key of its file in the bucket. */
function assetFolders(root: string, template: Template, manifests: readonly string[]): Record<string, string> {
  const paths = new Map<string, string>();
  for (const manifest of manifests) {
    for (const { source, destinations } of Object.values<any>(readJson(join(root, manifest)).files ?? {})) {
      for (const { objectKey } of Object.values<any>(destinations)) if (source.path) paths.set(objectKey, source.path);
    }
  }
  const folders: Record<string, string> = {};
  for (const [id, resource] of Object.entries(template.Resources ?? {})) {
    const code = resource.Properties?.Code as { S3Key?: unknown } | undefined;
    const path = resource.Metadata?.['aws:asset:path'] ?? paths.get(String(code?.S3Key));
    if (typeof path === 'string') folders[id] = existingFolder(resolve(root, path), id);
  }
  return folders;
}

function existingFolder(path: string, logicalId: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new Error(`the asset of ${logicalId} should be a folder at ${path}, and is not`);
}
