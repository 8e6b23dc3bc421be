/** A pipeline as a Mermaid flowchart, for README and docs: derived, so that it cannot be wrong. */
import { eventTypesOf, type Pipeline } from './pipeline.ts';

/** Events as rounded nodes, stages as boxes; the arrows say what each stage accepts and emits. */
export function diagramOf(pipeline: Pipeline): string {
  const node = (name: string) => name.replaceAll(/[^a-z0-9]/g, '_');
  const exits = new Set(pipeline.exits);
  const entries = new Set(pipeline.entries);
  return [
    'flowchart LR',
    ...eventTypesOf(pipeline).map((type) => {
      const shape = entries.has(type) || exits.has(type) ? `([${type.type}])` : `(${type.type})`;
      return `  ${node(type.type)}${shape}`;
    }),
    ...pipeline.stages.flatMap((stage) => [
      `  ${node(stage.name)}[${stage.name}]`,
      ...stage.accepts.map((type: { type: string }) => `  ${node(type.type)} --> ${node(stage.name)}`),
      ...stage.emits.map((type: { type: string }) => `  ${node(stage.name)} --> ${node(type.type)}`),
    ]),
  ].join('\n');
}
