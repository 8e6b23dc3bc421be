import type { Principal } from '../service.ts';

/** A session's credentials, and whose they are. */
export interface Session {
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly principal: Principal;
  /** Milliseconds since 1970; absent when they last as long as the cloud. */
  readonly expiresAt?: number;
}

export interface Sessions {
  /** By access key id. */
  readonly sessions: Map<string, Session>;
}

export const createSessions = (): Sessions => ({ sessions: new Map() });
