/**
 * An event as the patterns see it: a flat list of leaves, each under its dotted name. A key that contains a dot and
 * two nested keys give the same name, as in AWS's engine (aws/event-ruler, Event.java).
 */

/** What a pattern can compare. */
export type Leaf = string | number | boolean | null;

/** Which element of which array a leaf was found in, and what array that one is in. Patterns never mix two elements. */
export interface Membership {
  readonly array: number;
  readonly index: number;
  readonly outer: Membership | undefined;
}

export interface Field {
  readonly value: Leaf;
  readonly at: Membership | undefined;
}

export type Fields = ReadonlyMap<string, readonly Field[]>;

/** The names that some patterns ask for, and the ways that lead there: the rest of an event is not looked at. */
export interface Wanted {
  readonly names: ReadonlySet<string>;
  readonly ways: ReadonlySet<string>;
}

/** What must be read of an event to judge it by patterns that ask for `names`. */
export function wanted(names: Iterable<string>): Wanted {
  const all = new Set(names);
  const ways = new Set<string>();
  for (const name of all) {
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) ways.add(name.slice(0, dot));
  }
  return { names: all, ways };
}

/** Reads the wanted leaves of an event. An empty array and an empty object leave no trace: they do not exist. */
export function flatten(event: object, { names, ways }: Wanted): Fields {
  const fields = new Map<string, Field[]>();
  let arrays = 0;

  const visit = (value: unknown, name: string, at: Membership | undefined): void => {
    if (value === null || typeof value !== 'object') {
      if (!names.has(name)) return;
      const field = { value: value as Leaf, at };
      const found = fields.get(name);
      if (found) found.push(field);
      else fields.set(name, [field]);
    } else if (Array.isArray(value)) {
      if (!names.has(name) && !ways.has(name)) return;
      const array = arrays++;
      for (let index = 0; index < value.length; index++) visit(value[index], name, { array, index, outer: at });
    } else if (ways.has(name)) {
      for (const key in value) visit((value as Record<string, unknown>)[key], `${name}.${key}`, at);
    }
  };

  for (const key in event) visit((event as Record<string, unknown>)[key], key, undefined);
  return fields;
}
