/** Point-in-time recovery is only remembered and described; there is nothing here to restore from. */
import type {
  ContinuousBackupsDescription,
  DescribeContinuousBackupsInput,
  DescribeContinuousBackupsOutput,
  UpdateContinuousBackupsInput,
  UpdateContinuousBackupsOutput,
} from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import type { Table, Tables } from './state.ts';
import { checkTableName, nameOfTable } from './table-names.ts';
import { invalid, type OnWire } from './values.ts';

const LONGEST_DAYS = 35;

function backedTable(state: Tables, nameOrArn: string | undefined): Table {
  const table = state.byName.get(nameOfTable(nameOrArn ?? ''));
  if (table) return table;
  checkTableName(nameOrArn);
  throw new ServiceError('TableNotFoundException', `Table not found: ${nameOfTable(nameOrArn!)}`);
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html */
export const updateContinuousBackups: Action<
  Tables,
  OnWire<UpdateContinuousBackupsInput>,
  OnWire<UpdateContinuousBackupsOutput>
> = (input, state, context) => {
  refuseUnknown('UpdateContinuousBackups', input, ['TableName', 'PointInTimeRecoverySpecification']);
  const table = backedTable(state, input.TableName);
  const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays = LONGEST_DAYS } = input.PointInTimeRecoverySpecification!;
  if (RecoveryPeriodInDays < 1 || RecoveryPeriodInDays > LONGEST_DAYS) {
    const bound = RecoveryPeriodInDays < 1 ? 'greater than or equal to 1' : `less than or equal to ${LONGEST_DAYS}`;
    throw invalid(
      `1 validation error detected: Value '${RecoveryPeriodInDays}' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
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
  return { ContinuousBackupsDescription: descriptionOf(backedTable(state, input.TableName), context.now) };
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
