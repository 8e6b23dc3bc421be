/**
 * The metrics that a pipeline tells of itself, beside what AWS tells of its parts. Functions and operators say them, alarms
 * and the dashboard look at them: both find the names and the dimensions here. The namespace is the pipeline's name.
 */
import type { Deployment } from './names.ts';

/** The names, and what each says. */
export const metricNames = {
  /** By the sequencer: handed on to the queue of a stage. A duplicate that SQS drops within five minutes counts as well. */
  Sequenced: 'handed on to a stage',
  Quarantined: 'put aside by the sequencer',
  /** The three ends that a function tells; what SQS moves away after too many receives is told by its queue alone. */
  Completed: 'completed for the first time',
  Repeated: 'completed before, and recognised',
  DeadLettered: 'given up by the stage',
  Retried: 'not done this time; it stays in the queue',
  Parked: 'put to wait for a predecessor',
  /** Under the time at which it was parked: what was parked in a minute, less this, still waits. A crash may tell one twice. */
  Released: 'no longer waiting',
  /** Two attempts at one event met, or one id came with two sets of data: what should not happen in a FIFO queue. */
  Conflicts: 'met another attempt at the same event',
  /** Milliseconds from the time of the entry event to the commit that said the exit. */
  EndToEnd: 'left the pipeline',
  /** By operators, in seconds: how long a letter had lain there when it was sent back or discarded. */
  TimeToRepair: 'how long a letter had lain',
  /** A decision of a lost region that stands, while of its writes nothing is known: docs/decisions/0016-what-a-lost-region-decided.md. */
  WritesUnknown: 'stands, and what it wrote is not known',
  /** Sent back to its queue until the lost region is back. */
  Torn: 'may have been applied in the region that is lost',
  /** Sent back to its queue, because its region may not commit. */
  NotActive: 'not begun here',
  /** A stage's settings: a value that holds no more, a read in vain, an event for a stage that is to be paused. */
  SettingsRefused: 'a setting that does not hold',
  SettingsUnread: 'settings that could not be read',
  FedWhilePaused: 'given to a stage that is to be paused',
  /** By canaries: milliseconds that an event took over this region's bus, or from the other region; how many of its services are silent. */
  RoundTrip: 'said and heard',
  PeerRoundTrip: 'heard from the other region',
  PeerSilent: 'services of the other region that do not answer',
  /** By the function that takes over: called for a region that is lost, and left to a person. That its tries failed Lambda tells. */
  NotTakenOver: 'left to a person',
  /** 1 while a stage does not call a system that fails, 0 when it does again. */
  BreakerOpen: 'not called at present',
} as const;

export type MetricName = keyof typeof metricNames;

/** Dimensions of what one function tells: a stage's name, or `sequencer`. */
export const inService = ({
  environment,
  service,
}: Pick<Deployment, 'environment'> & { readonly service: string }) => ({
  environment,
  service,
});

/** Dimensions of what all functions tell together. */
export const inPipeline = ({ pipeline, environment }: Deployment) => ({ environment, pipeline });
