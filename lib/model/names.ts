/**
 * The physical names of everything a pipeline deploys, in one place: the infrastructure gives them, the functions, the
 * operators and the proof find things by them. Literal, so that no stack needs a reference into another.
 */
export interface Deployment {
  readonly pipeline: string;
  /** `dev`, `prod`, or whatever an account distinguishes; lower-case letters and digits. */
  readonly environment: string;
}

const base = ({ pipeline, environment }: Deployment): string => `${pipeline}-${environment}`;

export const names = {
  base,
  keyAlias: (d: Deployment) => `alias/${base(d)}`,
  alarmKeyAlias: (d: Deployment) => `alias/${base(d)}-alarms`,
  bus: base,
  archive: base,
  rule: (d: Deployment, stage: string) => `${base(d)}-${stage}`,
  replicationRule: (d: Deployment) => `${base(d)}-replicate`,
  /** Standard queue: what the stage's rule delivers to. */
  inbox: (d: Deployment, stage: string) => `${base(d)}-${stage}-inbox`,
  inboxDeadLetters: (d: Deployment, stage: string) => `${base(d)}-${stage}-inbox-dlq`,
  /** FIFO queue: what the stage's function reads, grouped by entity. */
  queue: (d: Deployment, stage: string) => `${base(d)}-${stage}.fifo`,
  deadLetters: (d: Deployment, stage: string) => `${base(d)}-${stage}-dlq.fifo`,
  quarantine: (d: Deployment) => `${base(d)}-quarantine`,
  /** Rule and queue of what came from the other region: what is known of it when it is lost. */
  testimony: (d: Deployment) => `${base(d)}-testimony`,
  /** What rules could not deliver. */
  undelivered: (d: Deployment) => `${base(d)}-undelivered`,
  /** What the bus itself could not handle. */
  busUndelivered: (d: Deployment) => `${base(d)}-bus-undelivered`,
  function: (d: Deployment, stage: string) => `${base(d)}-${stage}`,
  sequencer: (d: Deployment) => `${base(d)}-sequencer`,
  /** What looks at a new version before it is given traffic. */
  check: (d: Deployment) => `${base(d)}-check`,
  /** The alias of a function by which it is fed and called: the version that works, or the two between which traffic is shifted. */
  live: (functionName: string) => `${functionName}:${LIVE}`,
  /** What CodeDeploy calls the pipeline; each function's group is named as its stage is. */
  application: base,
  /** Two rules call the canary: one by the clock, on the default bus, and one with what it said. */
  canarySchedule: (d: Deployment) => `${base(d)}-canary-schedule`,
  /** Where producers publish who have a global endpoint. */
  endpoint: base,
  /** In Parameter Store: whether a region may take over by itself. No template has it, so that no deployment undoes it. */
  armed: (d: Deployment) => `/${d.pipeline}/${d.environment}/failover/armed`,
  role: (d: Deployment, who: string, region: string) => `${base(d)}-${who}-${region}`,
  logGroup: (d: Deployment, who: string) => `/${d.pipeline}/${d.environment}/${who}`,
  /** The platform's table: one record per event and stage. */
  records: (d: Deployment) => `${base(d)}-records`,
  /** Which region may commit. */
  authority: (d: Deployment) => `${base(d)}-authority`,
  table: (d: Deployment, table: string) => `${base(d)}-${table}`,
  /** Where the sandbox of an outside system keeps its calls, in environments that have no real one. */
  sandbox: (d: Deployment, system: string) => `${base(d)}-sandbox-${system}`,
  /** The path in Parameter Store below which a stage's settings are. */
  settings: (d: Deployment, stage: string) => `${allSettings(d)}/${stage}`,
  topic: (d: Deployment) => `${base(d)}-alarms`,
  alarm: (d: Deployment, what: string) => `${base(d)}-${what}`,
  dashboard: (d: Deployment, region: string) => `${base(d)}-${region}`,
} as const;

/** The path in Parameter Store below which the settings of all stages are. */
export const allSettings = (d: Deployment): string => `/${d.pipeline}/${d.environment}/settings`;

/** Below a stage's path: what its code declares, written by each deployment for whoever looks. Functions do not go by it. */
export const DECLARED = 'declared';

/** Below a stage's path: what operators have set. No template has it, so that no deployment undoes it. */
export const SET = 'set';
/** The alias of every function that has work. */
export const LIVE = 'live';

/** The key of the record of an event at a stage. The prefix is the stage, so that a role can be confined to its own. */
export const recordKey = (stage: string, eventId: string): string => `${stage}#${eventId}`;

/**
 * The attribute by which a message that an operator sent back names the dead letter that it was: the id of that message, and of
 * those that were letters of the same event, with blanks in between.
 */
export const LETTER = 'letter';

/** What stands for a stage among the keys of producers' own records: no stage is named so. */
export const INGRESS = 'ingress';

/** What stands for a stage among the keys of the operators' trail: no stage is named so. */
export const AUDIT = 'audit';

/** The key of what an operator did. Ordered by time, as far as keys are. */
export const auditKey = (time: string, id: string): string => `${AUDIT}#${time} ${id}`;

/**
 * The key of an entity's line at a stage: what it has heard and said, and what waits. Ids of events have no blanks, so no
 * record is named so.
 */
export const lineKey = (stage: string, entity: string): string => `${stage}#entity ${entity}`;

/** The key of what a stage is known to have said of an event in a region that is lost. */
export const testimonyKey = (stage: string, eventId: string): string => `${stage}#testimony ${eventId}`;

/** What stands for a stage among the keys of the marks behind what a region wrote before a hand-over: no stage is named so. */
const ARRIVAL = 'arrival';

/** The key of one of the marks behind what was written before an epoch. */
export const arrivalKey = (epoch: number, mark: number): string => `${ARRIVAL}#${epoch} ${mark}`;

/** The key of an event that waits for its predecessors. */
export const parkedKey = (stage: string, eventId: string): string => `${stage}#parked ${eventId}`;

/** The key of what a stage knows of a system that is not ours: whether its breaker is open. Under the stage's own prefix, like all it may write. */
export const breakerKey = (stage: string, system: string): string => `${stage}#breaker ${system}`;
