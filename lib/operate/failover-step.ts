/** A step of a hand-over, as it is told: before it is done, and when it has been. */
export interface Step {
  readonly name:
    | 'replicas'
    | 'stop'
    | 'settings'
    | 'take'
    | 'sources'
    | 'backlog'
    | 'wait'
    | 'testimony'
    | 'rules'
    | 'replay'
    | 'replay-again'
    | 'arrival';
  /** `left`: it could not be done now, and is to be done by repeating the command. */
  readonly state: 'done' | 'would' | 'left';
  readonly detail: string;
  /** The region's time, in milliseconds since 1970. */
  readonly at: number;
}
