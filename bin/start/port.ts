/** Who listens at a port of this machine. */

/** A local cloud that takes deployments. */
export interface Running {
  readonly endpoint: string;
  /** What runs there, as `startLive` was told. */
  readonly name: string | undefined;
  readonly seed: string;
}

/** `free` also where we cannot tell: whoever listens next will see. */
export type Holder = 'free' | 'other' | Running;

/** The port cannot be had; the message says what holds it, and what to do. */
export class PortTakenError extends Error {}

/** How long a page of a program on this machine may take. A local cloud that is at work answers between two steps. */
const PATIENCE_MS = 5000;

/** Asks whoever listens at a port for its health page. */
export async function holderOf(port: number): Promise<Holder> {
  if (port === 0) return 'free';
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    const response = await fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const { deploy, name, seed } = (await response.json()) as Record<string, unknown>;
    if (deploy === undefined) return 'other';
    return { endpoint, name: name === undefined ? undefined : String(name), seed: String(seed) };
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    return code === 'ECONNREFUSED' ? 'free' : 'other';
  }
}

export interface Wish {
  readonly port: number;
  /** What is to run there. */
  readonly name: string;
  /** Whether it must be a cloud of its own. */
  readonly once: boolean;
}

/**
 * The local cloud that is to be updated, or undefined where one is to be started.
 * @throws PortTakenError when the port is another program's, or its cloud is not ours to update
 */
export async function cloudToUpdate({ port, name, once }: Wish): Promise<Running | undefined> {
  const holder = await holderOf(port);
  if (holder === 'free') return undefined;
  const instead = 'choose another port with --port, 0 for any that is free';
  if (holder === 'other') {
    throw new PortTakenError(`port ${port} is taken by a program that is no local cloud; end it, or ${instead}`);
  }
  if (holder.name !== name) {
    const theirs = holder.name === undefined ? 'a local cloud without a name' : `the local cloud of ${holder.name}`;
    throw new PortTakenError(`port ${port} is taken by ${theirs}, and this is ${name}; end that one, or ${instead}`);
  }
  if (!once) return holder;
  throw new PortTakenError(
    `port ${port} is taken by a local cloud that runs already, and --once needs one of its own; ${instead}, or leave --once out to update the one that runs`,
  );
}
