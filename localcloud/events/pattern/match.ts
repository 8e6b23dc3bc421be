import type { Demand, Pattern } from './compile.ts';
import { type Fields, flatten, type Membership, wanted } from './fields.ts';

/** Whether an event, flattened for at least the names of this pattern, matches it. */
export function matches(pattern: Pattern, fields: Fields): boolean {
  for (const branch of pattern.branches) if (meets(branch, fields)) return true;
  return false;
}

/** The same for one event and one pattern that are not looked at again. */
export const matchesEvent = (pattern: Pattern, event: object): boolean =>
  matches(pattern, flatten(event, wanted(pattern.names)));

/** First each demand by itself, which settles nearly all events; then, where arrays are involved, all together. */
function meets(branch: readonly Demand[], fields: Fields): boolean {
  let arrays = 0;
  for (const demand of branch) {
    const found = fields.get(demand.name);
    if (found === undefined) {
      if (!demand.absence) return false;
      continue;
    }
    let met = false;
    for (const field of found) {
      if (!demand.accepts(field.value)) continue;
      met = true;
      if (field.at === undefined) break;
    }
    if (!met) return false;
    if (found[0]!.at !== undefined) arrays++;
  }
  return arrays < 2 || meetTogether(branch, fields);
}

/** Looks for one field for each demand such that no two of them come from different elements of one array. */
function meetTogether(branch: readonly Demand[], fields: Fields): boolean {
  const from = (place: number, chosen: ReadonlyMap<number, number>): boolean => {
    const demand = branch[place];
    if (demand === undefined) return true;
    const found = fields.get(demand.name);
    if (found === undefined) return demand.absence && from(place + 1, chosen);
    return found.some((field) => {
      if (!demand.accepts(field.value)) return false;
      const together = choose(chosen, field.at);
      return together !== undefined && from(place + 1, together);
    });
  };
  return from(0, new Map());
}

/** The elements chosen so far and this one, or undefined where they contradict each other. */
function choose(
  chosen: ReadonlyMap<number, number>,
  at: Membership | undefined,
): ReadonlyMap<number, number> | undefined {
  if (at === undefined) return chosen;
  const together = new Map(chosen);
  for (let place: Membership | undefined = at; place; place = place.outer) {
    const index = together.get(place.array);
    if (index !== undefined && index !== place.index) return undefined;
    together.set(place.array, place.index);
  }
  return together;
}
