/**
 * Leaves out of the bundles what the SDK's clients bring along for actions that nobody calls. Their schemas are lists that
 * esbuild cannot know to be without effect, for keys in them are computed; and every client registers the class of every
 * error that its service knows, of which Systems Manager's are 140: 57 KB of 88.
 */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** `export var PutItem$ = [9, n0, …];` */
const SCHEMA = /^((?:export )?(?:var|const) \w+\$ = )(\[[\s\S]*?\]);$/gm;
/** `n0_registry.registerError(ResourceInUse$, ResourceInUse);` Without it an error keeps its name, and has no class of its own. */
const REGISTRATION = /^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm;

/** Of these services no error is told by its class or asked for more than its name, but for those that Powertools looks for. */
const classesOf: Readonly<Record<string, readonly string[]>> = { ssm: ['ParameterNotFound'] };

export const leanClients: Plugin = {
  name: 'lean clients',
  setup: ({ onLoad }) =>
    onLoad({ filter: /@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, async ({ path }) => ({
      contents: lean(await readFile(path, 'utf8'), /client-([\w-]+)/.exec(path)![1]!),
    })),
};

function lean(source: string, service: string): string {
  const pure = source.replace(SCHEMA, '$1/* @__PURE__ */ (() => $2)();');
  const kept = classesOf[service];
  return kept ? pure.replace(REGISTRATION, (line, name: string) => (kept.includes(name) ? line : '')) : pure;
}
