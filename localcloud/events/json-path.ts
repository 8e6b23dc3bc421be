/** The paths that InputPath and InputPathsMap take: `$.detail.items[0].sku`, `$['detail']`. Wildcards and filters are refused. */

export type JsonPath = readonly (string | number)[];

const STEP = /\.([^.[\]*?@()'"\s]+)|\[(\d+)\]|\[(?:'([^']+)'|"([^"]+)")\]/gy;

/** Reads a path; undefined if it is none that the local cloud understands. */
export function jsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return undefined;
  const steps: (string | number)[] = [];
  let end = 1;
  STEP.lastIndex = 1;
  for (let step = STEP.exec(text); step; step = STEP.exec(text)) {
    steps.push(step[2] === undefined ? (step[1] ?? step[3] ?? step[4])! : Number(step[2]));
    end = STEP.lastIndex;
  }
  return end === text.length ? steps : undefined;
}

/** What lies at a path, or undefined. */
export function follow(path: JsonPath, root: unknown): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
