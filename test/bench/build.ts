/** From source to templates: what a bundle weighs, how long bundling and synthesis take. */
import { buildApp, environments } from '../../bin/app.ts';
import { bundle } from '../../lib/infra/bundle.ts';
import { type Figure, median, times } from './figures.ts';

const timed = async (work: () => unknown): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

export async function build(): Promise<readonly Figure[]> {
  const bundles = await bundle();
  const bundling = median(await times(3, () => timed(() => bundle())));
  const synthesis = median(
    await times(3, () =>
      timed(() => buildApp(environments.dev, { outdir: 'dist/bench-cdk.out', validation: false }).synth()),
    ),
  );
  return [
    ...bundles.map(({ name, bytes }) => ({ what: `bundle of ${name}`, value: bytes / 1024, unit: 'KB' })),
    { what: 'bundling all functions', value: bundling, unit: 'ms' },
    { what: 'synthesis of seven stacks, CDK loaded', value: synthesis, unit: 'ms' },
  ];
}
