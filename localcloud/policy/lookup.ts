/** What a request says of itself under a condition key: nothing, one value, or, for keys that are lists, several. */
export type Given = string | readonly string[] | undefined;

/** Finds the values of a condition key, by its name in lower case: names of keys know no case, values do. */
export type Lookup = (key: string) => Given;

export const listed = (given: Given): readonly string[] =>
  given === undefined ? [] : typeof given === 'string' ? [given] : given;
