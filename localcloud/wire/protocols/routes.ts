/** Which action a method and a path mean, from the paths in the SDK's schemas. */
import type { Front } from '../fronts.ts';
import { type Operation, vocabularyOf } from '../shapes.ts';

interface Route {
  readonly operation: Operation;
  readonly parts: readonly string[];
  /** What the query must say, as `List=ALL`; empty for most. */
  readonly search: string;
}

const tables = new Map<string, ReadonlyMap<string, Route[]>>();

/** The action whose path fits, the most literal one first. `path` may have a query. */
export function routeOf(front: Front, method: string, path: string): Route | undefined {
  const [place = '/', search = ''] = path.split('?');
  const given = partsOf(place);
  const said = search.split('&');
  const fits = (route: Route) =>
    (route.search === '' || said.includes(route.search)) &&
    route.parts.every((part, at) => part.startsWith('{') || part === given[at]);
  return tableOf(front).get(`${method} ${given.length}`)?.find(fits);
}

function tableOf(front: Front): ReadonlyMap<string, Route[]> {
  const known = tables.get(front.service);
  if (known) return known;
  const table = new Map<string, Route[]>();
  for (const operation of vocabularyOf(front).operations.values()) {
    const [method, template] = operation.traits.http!;
    const [place = '/', search = ''] = template.split('?');
    const parts = partsOf(place);
    const key = `${method} ${parts.length}`;
    table.set(key, [...(table.get(key) ?? []), { operation, parts, search }]);
  }
  for (const routes of table.values()) routes.sort((a, b) => vagueness(a) - vagueness(b));
  tables.set(front.service, table);
  return table;
}

const vagueness = ({ parts, search }: Route): number =>
  parts.filter((part) => part.startsWith('{')).length + (search === '' ? 0.5 : 0);

/** Without the slash at the end, which some of Lambda's paths have and some clients leave out. */
const partsOf = (path: string): string[] => path.replace(/\/$/, '').split('/');
