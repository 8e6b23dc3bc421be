/** What an alarm looks at. */
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { type Deployment, names } from '../model/names.ts';
import type { AlarmKind } from './alarm-kinds.ts';

export interface Watched {
  readonly kind: AlarmKind;
  /** A stage, the sequencer, a table; absent where there is one of a pipeline. */
  readonly of?: string;
  readonly metric: IMetric;
  /** Reached or exceeded; standard deviations where it is `moving`. */
  readonly threshold: number;
  /** Whether it is enough to be below. */
  readonly below?: boolean;
  /** Whether the threshold is a band around what is usual. */
  readonly moving?: boolean;
  /** Periods of the metric for which it must be so: in a row, or of `outOf`. */
  readonly periods: number;
  readonly outOf?: number;
}

/** What an alarm is called beside its pipeline and environment. */
export const called = ({ kind, of }: Pick<Watched, 'kind' | 'of'>): string =>
  of === undefined ? kind : `${of}-${kind}`;

export const alarmName = (d: Deployment, watched: Pick<Watched, 'kind' | 'of'>): string =>
  names.alarm(d, called(watched));
