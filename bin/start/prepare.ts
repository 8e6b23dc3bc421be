/** From source to cloud assembly: the very templates and bundles that `cdk deploy` ships. */
import { rm } from 'node:fs/promises';
import type { BundleOptions } from '../../lib/infra/bundle.ts';
import type { PipelineConfig } from '../../lib/infra/config.ts';
import { rebuild } from './rebuild.ts';
import type { Steps } from './steps.ts';

/** The environment that runs on this machine. */
export const localEnvironment = 'dev';

export interface Prepared {
  readonly config: PipelineConfig;
  /** The folder of the cloud assembly. */
  readonly assembly: string;
  /** Other builds of the functions, for deployments in mid-flight: from the folder of an asset to that of the other, both ways. */
  readonly rebuilt?: Readonly<Record<string, string>>;
}

export interface PrepareOptions {
  /** Where the cloud assembly goes; emptied first. Default `cdk.out`. */
  readonly assembly?: string;
  /** Where the bundles go; emptied first. Default `dist/functions`. */
  readonly functions?: string;
  /** What else happens to the sources while they are bundled. Default nothing. */
  readonly plugins?: BundleOptions['plugins'];
  /** Whether the shared form of the functions is built too, which `libraries: 'shared'` runs. Default false. */
  readonly shared?: boolean;
  /** What else the configuration says than `bin/app.ts`. Default nothing. */
  readonly regions?: Partial<PipelineConfig['regions']>;
  /** Whether every function is built a second time, otherwise, so that it can be updated. Default false. */
  readonly rebuilt?: boolean;
}

/** Bundles while the CDK library loads, then synthesises the dev environment. */
export async function prepare(steps: Steps, options: PrepareOptions = {}): Promise<Prepared> {
  const { assembly = 'cdk.out', functions, plugins, shared = false, rebuilt = false } = options;
  const how = { ...(functions === undefined ? {} : { outdir: functions }), ...(plugins ? { plugins } : {}) };
  const bundled = steps.time('bundled', async () => {
    const { bundle } = await import('../../lib/infra/bundle.ts');
    const bundles = await bundle(how);
    return `${bundles.length} functions`;
  });
  const app = Promise.all([import('../app.ts'), import('aws-cdk-lib')]);
  // A configuration may be refused meanwhile; it is heard of below.
  app.catch(() => {});
  await bundled;
  return steps.time('synthesised', async () => {
    const [{ buildApp, environments }, { AssetStaging }] = await app;
    // The local cloud is one account, whatever credentials this shell may hold.
    const config = {
      ...environments[localEnvironment],
      regions: { ...environments[localEnvironment].regions, ...options.regions },
      account: '123456789012',
      publishers: ['arn:aws:iam::123456789012:root'],
    };
    await rm(assembly, { recursive: true, force: true });
    // CDK remembers what it has copied in this process, and would not copy it again into a folder that was emptied.
    AssetStaging.clearAssetHashCache();
    const { stacks } = buildApp(config, {
      outdir: assembly,
      validation: false,
      ...(functions === undefined ? {} : { functions }),
    }).synth();
    const others = rebuilt ? await rebuild(assembly, how) : undefined;
    if (shared) await addShared(assembly, { ...how, rebuilt: others ? [others.outdir] : [] });
    return [
      `${stacks.length} stacks for ${config.regions.active} and ${config.regions.standby}`,
      { config, assembly, ...(others ? { rebuilt: others.folders } : {}) },
    ] as const;
  });
}

async function addShared(
  assembly: string,
  { rebuilt, ...how }: BundleOptions & { readonly rebuilt: readonly string[] },
): Promise<void> {
  const { bundling } = await import('../../lib/infra/bundle.ts');
  const { buildShared } = await import('../../localcloud/drive/shared/build.ts');
  await buildShared({ assembly, rebuilt, bundles: bundling(how) });
}
