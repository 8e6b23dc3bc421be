import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { orders } from '../../functions/index.ts';
import { diagramOf } from '../../lib/model/diagram.ts';

it('the picture in the README is the pipeline', () => {
  expect(readFileSync('README.md', 'utf8')).toContain(diagramOf(orders));
});
