/** Point-in-time recovery is only remembered and described; there is nothing here to restore from. */
import type {
  ContinuousBackupsDescription,
  DescribeContinuousBackupsInput,
  DescribeContinuousBackupsOutput,
  UpdateContinuousBackupsInput,
  UpdateContinuousBackupsOutput,
} from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { nameOfTable, type Table, type Tables } from './state.ts';
import type { OnWire } from './values.ts';

const LONGEST_DAYS = 35;

function backedTable(state: Tables, nameOrArn: string): Table {
  const table = state.byName.get(nameOfTable(nameOrArn));
  if (table) return table;
  throw new ServiceError('TableNotFoundException', `Table not found: ${nameOfTable(nameOrArn)}`);
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html */
export const updateContinuousBackups: Action<
  Tables,
  OnWire<UpdateContinuousBackupsInput>,
  OnWire<UpdateContinuousBackupsOutput>
> = (input, state, context) => {
  refuseUnknown('UpdateContinuousBackups', input, ['TableName', 'PointInTimeRecoverySpecification']);
  const table = backedTable(state, input.TableName!);
  const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays = LONGEST_DAYS } = input.PointInTimeRecoverySpecification!;
  const since = table.recovery?.since ?? context.now;
  table.recovery = PointInTimeRecoveryEnabled ? { days: RecoveryPeriodInDays, since } : undefined;
  return { ContinuousBackupsDescription: descriptionOf(table, context.now) };
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html */
export const describeContinuousBackups: Action<
  Tables,
  OnWire<DescribeContinuousBackupsInput>,
  OnWire<DescribeContinuousBackupsOutput>
> = (input, state, context) => {
  refuseUnknown('DescribeContinuousBackups', input, ['TableName']);
  return { ContinuousBackupsDescription: descriptionOf(backedTable(state, input.TableName!), context.now) };
};

function descriptionOf({ recovery }: Table, now: number): OnWire<ContinuousBackupsDescription> {
  const ContinuousBackupsStatus = 'ENABLED';
  if (!recovery) {
    return { ContinuousBackupsStatus, PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' } };
  }
  const earliest = Math.max(recovery.since, now - recovery.days * 86_400_000);
  return {
    ContinuousBackupsStatus,
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: recovery.days,
      EarliestRestorableDateTime: earliest / 1000,
      LatestRestorableDateTime: now / 1000,
    },
  };
}
