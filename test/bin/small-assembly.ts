/** A cloud assembly of one stack, as `cdk synth` would have written it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environments } from '../../bin/app.ts';
import type { Prepared } from '../../bin/start/prepare.ts';

export const config = environments.dev;

/** @param Resources of its one stack, `small` in the active region */
export function smallAssembly(Resources: object): Prepared & { remove(): void } {
  const assembly = mkdtempSync(join(tmpdir(), 'bulkhead-assembly-'));
  const write = (name: string, content: object) => writeFileSync(join(assembly, name), JSON.stringify(content));
  write('small.template.json', { Resources });
  write('manifest.json', {
    artifacts: {
      small: {
        type: 'aws:cloudformation:stack',
        environment: `aws://123456789012/${config.regions.active}`,
        properties: { templateFile: 'small.template.json' },
      },
    },
  });
  return { config, assembly, remove: () => rmSync(assembly, { recursive: true }) };
}
