/** Whether a region answers at all. */

const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'];

/**
 * What a region says; undefined when it says nothing.
 * @throws whatever it answers
 */
export async function reach<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    if (name === 'TimeoutError' || NETWORK.includes(code ?? '')) return undefined;
    throw error;
  }
}
