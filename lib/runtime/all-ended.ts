/**
 * What all of them come to, once all have ended. `Promise.all` gives up with the first that fails and leaves the others at
 * it: in a function they would go on in the next invocation, in a command after it has told how it ended.
 * @throws what the first of them, in their order, threw
 */
export async function allEnded<Value>(all: readonly Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(all);
  return Promise.all(all);
}
