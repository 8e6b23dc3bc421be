import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { orders } from '../../functions/index.ts';
import { diagramOf } from '../../lib/model/diagram.ts';

it('the picture in the README is the pipeline', () => {
  const [, picture] = readFileSync('README.md', 'utf8').match(/```mermaid\n([\s\S]*?)\n```/) ?? [];
  expect(picture).toBe(diagramOf(orders));
});
