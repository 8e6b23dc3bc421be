/**
 * What the local cloud does, and what of it is shown: every action, and every error that AWS documents for it, is tested
 * by the contract or never raised here for a reason that is given. `node test/contract/coverage.ts` writes `docs/coverage.md`.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { services } from '../../localcloud/services.ts';

/** What `test/contract/<service>/notes.ts` exports. */
export interface Notes {
  /** The SDK's package. */
  readonly client: string;
  /** Errors that never come up here, with the reason: `KmsOptInRequired` for all actions, `PurgeQueue!InvalidAddress` for one. */
  readonly neverRaised: Readonly<Record<string, string>>;
  /** What is known to be otherwise than on AWS, a sentence each. */
  readonly differences: readonly string[];
}

export interface ActionCoverage {
  readonly action: string;
  /** How many behaviours show it. */
  readonly behaviours: number;
  readonly errors: readonly { readonly error: string; readonly tested: boolean; readonly never: string | undefined }[];
}

export interface ServiceCoverage {
  readonly service: string;
  readonly actions: readonly ActionCoverage[];
  /** Actions of the SDK that are refused by name. */
  readonly refused: readonly string[];
  readonly differences: readonly string[];
}

const here = import.meta.dirname;
const require = createRequire(import.meta.url);

/** Every `covers` of the suite, with how often it stands there. */
export function coveredBy(folder = here): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      for (const [word, count] of coveredBy(path)) counts.set(word, (counts.get(word) ?? 0) + count);
    else if (entry.name.endsWith('.test.ts')) {
      for (const [, list] of readFileSync(path, 'utf8').matchAll(/covers:\s*\[([^\]]*)\]/g)) {
        for (const [, word] of list!.matchAll(/'([^']+)'/g)) counts.set(word!, (counts.get(word!) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** The errors that AWS documents for an action, as the SDK's own documentation has them. */
function documentedErrors(client: string, action: string): readonly string[] {
  const path = join(dirname(require.resolve(`${client}/package.json`)), `dist-types/commands/${action}Command.d.ts`);
  if (!existsSync(path)) return [];
  const all = [...readFileSync(path, 'utf8').matchAll(/@throws \{@link (\w+)\}/g)].map(([, name]) => name!);
  return [...new Set(all)].filter((name) => !name.endsWith('ServiceException'));
}

const sdkActions = (client: string): readonly string[] =>
  readdirSync(join(dirname(require.resolve(`${client}/package.json`)), 'dist-types/commands'))
    .filter((name) => name.endsWith('Command.d.ts'))
    .map((name) => name.replace('Command.d.ts', ''));

export async function coverage(): Promise<readonly ServiceCoverage[]> {
  const covered = coveredBy();
  return Promise.all(
    services.map(async ({ name: service, actions }): Promise<ServiceCoverage> => {
      const { client, neverRaised, differences }: Notes = (await import(`./${service}/notes.ts`)).notes;
      const known = sdkActions(client);
      return {
        service,
        differences,
        refused: known.filter((action) => !(action in actions)),
        actions: Object.keys(actions)
          .sort()
          .map((action) => ({
            action,
            behaviours: covered.get(`${service}:${action}`) ?? 0,
            errors: documentedErrors(client, action).map((error) => ({
              error,
              tested: covered.has(`${service}:${action}!${error}`),
              never: neverRaised[`${action}!${error}`] ?? neverRaised[error],
            })),
          })),
      };
    }),
  );
}

/** What is neither tested nor explained. */
export const blanks = (all: readonly ServiceCoverage[]): readonly string[] =>
  all.flatMap(({ service, actions }) =>
    actions.flatMap(({ action, behaviours, errors }) => [
      ...(behaviours === 0 ? [`${service}:${action}`] : []),
      ...errors
        .filter(({ tested, never }) => !tested && never === undefined)
        .map(({ error }) => `${service}:${action}!${error}`),
    ]),
  );

export function page(all: readonly ServiceCoverage[]): string {
  const actions = all.flatMap((service) => service.actions);
  const errors = actions.flatMap((action) => action.errors);
  const lines = [
    '# Coverage of the local cloud',
    '',
    'Written by `node test/contract/coverage.ts`. The contract suite runs against the local cloud in `npm test`; it can be run against a',
    'real account (`REMOTE=1`), and has not been yet.',
    '',
    `${actions.length} actions; of ${errors.length} errors that AWS documents for them, ${errors.filter(({ tested }) => tested).length} are tested and the others never come up here, for the reasons given.`,
    'An action that is not in a table is refused by name.',
  ];
  for (const { service, actions: own, refused, differences } of all) {
    lines.push(
      '',
      `## ${service}`,
      '',
      '| action | behaviours | errors tested | errors that never come up |',
      '|---|---:|---|---|',
    );
    for (const { action, behaviours, errors: of } of own) {
      const tested = of.filter((one) => one.tested).map(({ error }) => `\`${error}\``);
      const never = of
        .filter((one) => !one.tested)
        .map(({ error, never: reason }) => `\`${error}\`: ${reason ?? '**blank**'}`);
      lines.push(
        `| ${action} | ${behaviours} | ${tested.join(', ')} | ${never.join('; ')} |`.replaceAll('|  |', '| |'),
      );
    }
    if (refused.length > 0) lines.push('', `Refused by name: ${refused.join(', ')}.`);
    if (differences.length > 0)
      lines.push('', 'Known to differ from AWS:', '', ...differences.map((one) => `- ${one}`));
  }
  return `${lines.join('\n')}\n`;
}

if (import.meta.main) {
  const all = await coverage();
  writeFileSync('docs/coverage.md', page(all));
  const left = blanks(all);
  console.log(left.length === 0 ? 'no blanks' : `${left.length} blanks:\n${left.join('\n')}`);
}
