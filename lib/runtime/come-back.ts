/** How soon a message is to come back, said on the error that sends it back. */

const delays = new WeakMap<object, number>();

/** Says when the message that fails with this error comes back, in milliseconds. */
export function comeBackAfter(error: object, milliseconds: number): void {
  delays.set(error, milliseconds);
}

/** What was said of an error, or of one that it was caused by: a handler may wrap what it does not catch. */
export const comesBackAfter = (error: unknown): number | undefined => alongCauses(error, (one) => delays.get(one));

/** The first answer along the causes of an error. */
export function alongCauses<T>(error: unknown, ask: (one: object) => T | undefined): T | undefined {
  let current = error;
  for (let depth = 0; depth < 10 && typeof current === 'object' && current !== null; depth++) {
    const answer = ask(current);
    if (answer !== undefined) return answer;
    current = 'cause' in current ? current.cause : undefined;
  }
  return undefined;
}
