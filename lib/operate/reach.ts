/** Whether a region answers at all. */

const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'];

export function isUnreachable(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string };
  return name === 'TimeoutError' || NETWORK.includes(code ?? '');
}

/**
 * What a region says; undefined when it says nothing.
 * @throws whatever it answers
 */
export async function reach<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isUnreachable(error)) return undefined;
    throw error;
  }
}
