/** The event by which a region shows that it works: said once a minute where there is a failover stack, and heard by whoever said it. */

/** Its detail type, and the name of its function and its rule. No stage is named so. */
export const CANARY = 'canary';

/** Begins as all sources of the pipeline do, so that it is forwarded to the other region as all events are. */
export const canarySource = (pipeline: string): string => `${pipeline}.${CANARY}`;

export interface CanaryDetail {
  /** When it was said, in milliseconds since 1970. */
  readonly said: number;
}
