import { DescribeContinuousBackupsCommand, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, givenTable } from './given.ts';

const turn = (
  { dynamodb }: Aws,
  TableName: string,
  PointInTimeRecoveryEnabled: boolean,
  RecoveryPeriodInDays?: number,
) =>
  dynamodb.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled,
        ...(RecoveryPeriodInDays === undefined ? {} : { RecoveryPeriodInDays }),
      },
    }),
  );

const described = async ({ dynamodb }: Aws, TableName: string) =>
  (await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription;

behaviour(
  'recovery to a point in time is off until it is turned on, and then covers 35 days or fewer',
  {
    source: api('UpdateContinuousBackups'),
    covers: ['dynamodb:UpdateContinuousBackups', 'dynamodb:DescribeContinuousBackups'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    expect(await described(aws, TableName)).toMatchObject({
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
    const { ContinuousBackupsDescription } = await turn(aws, TableName, true);
    const { PointInTimeRecoveryDescription } = ContinuousBackupsDescription!;
    expect(PointInTimeRecoveryDescription).toMatchObject({
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 35,
    });
    expect(PointInTimeRecoveryDescription!.EarliestRestorableDateTime).toBeInstanceOf(Date);
    await turn(aws, TableName, true, 7);
    expect((await described(aws, TableName))!.PointInTimeRecoveryDescription!.RecoveryPeriodInDays).toBe(7);
    await turn(aws, TableName, false);
    expect((await described(aws, TableName))!.PointInTimeRecoveryDescription!.PointInTimeRecoveryStatus).toBe(
      'DISABLED',
    );
  },
);

behaviour(
  'the days of recovery are 1 to 35',
  { source: api('PointInTimeRecoverySpecification'), covers: ['dynamodb:UpdateContinuousBackups'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    for (const days of [0, 36]) await refused(turn(aws, TableName, true, days), 'ValidationException');
  },
);

behaviour(
  'a table that is not there has no recovery',
  {
    source: api('UpdateContinuousBackups'),
    covers: [
      'dynamodb:UpdateContinuousBackups!TableNotFoundException',
      'dynamodb:DescribeContinuousBackups!TableNotFoundException',
    ],
  },
  async (aws) => {
    const TableName = aws.name('nowhere');
    const message = `Table not found: ${TableName}`;
    await refused(turn(aws, TableName, true), 'TableNotFoundException', message);
    await refused(described(aws, TableName), 'TableNotFoundException', message);
  },
);
