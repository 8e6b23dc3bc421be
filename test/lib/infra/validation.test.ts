import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { guard } from '../../../lib/infra/guard-rules.ts';
import { dev, prod } from './bank.ts';
import { synthesise } from './templates.ts';

// CDK's own validator: three hundred rules of cfn-lint, offline. Seconds of WebAssembly, so once and here.
test.each([
  ['dev', dev],
  ['prod', prod],
])(
  'CDK’s validator and our own rules find nothing to say about the templates of %s',
  { timeout: 120_000 },
  (_, config) => {
    const { folder } = synthesise(config, { validation: true, rules: () => [guard()] });
    const { pluginReports } = JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8'));
    expect(pluginReports).toEqual([]);
  },
);
