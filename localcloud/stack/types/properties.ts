/** Small steps from properties to requests, shared by the types. */
import type { Properties } from '../resource-type.ts';

/** The members of `properties` that are there, under the same names. */
export const pick = (properties: Properties, names: readonly string[]): Record<string, any> =>
  Object.fromEntries(names.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])));

/** A document as the actions take it: text. */
export const documentText = (document: unknown): string =>
  typeof document === 'string' ? document : JSON.stringify(document);

export type Tags = readonly { readonly Key: string; readonly Value: string }[];

export const tagMap = (tags: Tags = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

/** Tags to take off and tags to put on, so that `before` becomes `after`. */
export function tagChanges(before: Tags = [], after: Tags = []): { readonly gone: string[]; readonly put: Tags } {
  const had = tagMap(before);
  const has = tagMap(after);
  return {
    gone: Object.keys(had).filter((key) => has[key] === undefined),
    put: after.filter(({ Key, Value }) => had[Key] !== Value),
  };
}

/** What is in `before` and not in `after`, and the reverse. */
export function listChanges<Item>(before: readonly Item[] = [], after: readonly Item[] = []) {
  return {
    gone: before.filter((item) => !after.includes(item)),
    come: after.filter((item) => !before.includes(item)),
  };
}
