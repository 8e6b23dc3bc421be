import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { synthesise } from './templates.ts';

// CDK's own validator: three hundred rules of cfn-lint, offline. Seconds of WebAssembly, so once and here.
test('CDK’s validator finds nothing to say about the templates', { timeout: 120_000 }, () => {
  const { folder } = synthesise(undefined, { validation: true });
  const { pluginReports } = JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8'));
  expect(pluginReports).toEqual([]);
});
