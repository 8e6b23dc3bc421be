import {
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  type DescribeAlarmHistoryCommandInput,
  DisableAlarmActionsCommand,
  SetAlarmStateCommand,
  type SetAlarmStateCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { alarm, api, captured, composite, described, now, stateOf, topic } from './given.ts';

const controls = captured('alarm_controls');
const page = api('SetAlarmState');

const set = (aws: Aws, AlarmName: string, more: Partial<SetAlarmStateCommandInput> = {}) =>
  aws.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'drill', ...more }));

async function history(aws: Aws, AlarmName: string, more: DescribeAlarmHistoryCommandInput = {}) {
  const ask = new DescribeAlarmHistoryCommand({ AlarmName, ScanBy: 'TimestampAscending', ...more });
  return (await aws.cloudwatch.send(ask)).AlarmHistoryItems!;
}

behaviour(
  'a state that is set has the reason and the data that were given, and takes the actions of that state',
  { source: page, covers: ['monitoring:SetAlarmState'] },
  async (aws) => {
    const { arn, heard } = await topic(aws);
    const name = await alarm(aws, { AlarmActions: [arn], TreatMissingData: 'ignore' });
    await set(aws, name, { StateReasonData: '{ "z": 2 }' });
    expect(await described(aws, name)).toMatchObject({
      StateValue: 'ALARM',
      StateReason: 'drill',
      StateReasonData: '{ "z": 2 }',
    });
    expect(await heard()).toMatchObject([{ Message: { NewStateValue: 'ALARM', NewStateReason: 'drill' } }]);
  },
);

behaviour(
  'a metric alarm goes back to its own state when it is next evaluated',
  { source: page, covers: ['monitoring:SetAlarmState'] },
  async (aws) => {
    const name = await alarm(aws, { TreatMissingData: 'notBreaching' });
    await set(aws, name);
    await aws.pass(120_000);
    expect(await stateOf(aws, name)).toBe('OK');
  },
);

behaviour(
  'to set the state that an alarm is in changes nothing, not even its reason',
  { source: controls, covers: ['monitoring:SetAlarmState'] },
  async (aws) => {
    const name = await alarm(aws, { TreatMissingData: 'ignore' });
    await set(aws, name);
    const before = await described(aws, name);
    await set(aws, name, { StateReason: 'again', StateReasonData: '{}' });
    expect(await described(aws, name)).toEqual(before);
    expect(await history(aws, name, { HistoryItemType: 'StateUpdate' })).toHaveLength(1);
  },
);

behaviour(
  'data for machines is JSON',
  { source: controls, covers: ['monitoring:SetAlarmState!InvalidFormatFault'] },
  async (aws) => {
    const name = await alarm(aws, { TreatMissingData: 'ignore' });
    await refused(set(aws, name, { StateReasonData: '{' }), 'InvalidFormatFault');
    expect(await stateOf(aws, name)).toBe('INSUFFICIENT_DATA');
  },
);

behaviour(
  'the state of an alarm that is not there cannot be set, nor one that is no state',
  { source: controls, covers: ['monitoring:SetAlarmState!ResourceNotFound'] },
  async (aws) => {
    await refused(set(aws, aws.name('nobody')), 'ResourceNotFound');
    await refused(
      set(aws, await alarm(aws), { StateValue: 'GOOD' as 'OK' }),
      'ValidationException',
      "1 validation error detected: Value 'GOOD' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]",
    );
  },
);

behaviour(
  'the history tells creation, changes, states and actions, and outlives the alarm',
  { source: controls, covers: ['monitoring:DescribeAlarmHistory', 'monitoring:DeleteAlarms'] },
  async (aws) => {
    const { arn } = await topic(aws);
    const name = await alarm(aws, { AlarmActions: [arn], TreatMissingData: 'ignore' });
    await set(aws, name);
    await aws.pass(3000);
    await aws.cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [name] }));
    await aws.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
    await aws.pass(3000);
    const items = await history(aws, name);
    expect(items.map(({ HistoryItemType, HistorySummary }) => [HistoryItemType, HistorySummary])).toEqual([
      ['ConfigurationUpdate', `Alarm "${name}" created`],
      ['StateUpdate', 'Alarm updated from INSUFFICIENT_DATA to ALARM'],
      ['Action', `Successfully executed action ${arn}`],
      ['ConfigurationUpdate', `Alarm "${name}" updated`],
      ['ConfigurationUpdate', `Alarm "${name}" deleted`],
    ]);
    expect(JSON.parse(items[0]!.HistoryData!)).toMatchObject({ version: '1.0', type: 'Create' });
    expect(JSON.parse(items[1]!.HistoryData!)).toEqual({
      version: '1.0',
      oldState: { stateValue: 'INSUFFICIENT_DATA', stateReason: 'Unchecked: Initial alarm creation' },
      newState: { stateValue: 'ALARM', stateReason: 'drill' },
    });
  },
);

behaviour(
  'the history is told the newest first, of a type and of a time, where that is asked',
  { source: api('DescribeAlarmHistory'), covers: ['monitoring:DescribeAlarmHistory'] },
  async (aws) => {
    const name = await alarm(aws, { TreatMissingData: 'ignore' });
    await aws.pass(5000);
    const between = new Date((await now(aws)) - 2000);
    await set(aws, name);
    const types = async (more: DescribeAlarmHistoryCommandInput) =>
      (await history(aws, name, more)).map(({ HistoryItemType }) => HistoryItemType);
    expect(await types({ ScanBy: undefined })).toEqual(['StateUpdate', 'ConfigurationUpdate']);
    expect(await types({ HistoryItemType: 'StateUpdate' })).toEqual(['StateUpdate']);
    expect(await types({ EndDate: between })).toEqual(['ConfigurationUpdate']);
    expect(await types({ StartDate: between })).toEqual(['StateUpdate']);
    expect(await history(aws, aws.name('nobody'))).toEqual([]);
  },
);

behaviour(
  'the history of all alarms is that of metric alarms, unless composite ones are asked for',
  { source: api('DescribeAlarmHistory'), covers: ['monitoring:DescribeAlarmHistory'] },
  async (aws) => {
    const [metric, both] = [await alarm(aws), await composite(aws, 'FALSE')];
    const names = async (more: DescribeAlarmHistoryCommandInput) => {
      const ask = new DescribeAlarmHistoryCommand({ HistoryItemType: 'ConfigurationUpdate', ...more });
      return (await aws.cloudwatch.send(ask)).AlarmHistoryItems!.map(({ AlarmName }) => AlarmName);
    };
    expect(await names({})).toContain(metric);
    expect(await names({})).not.toContain(both);
    expect(await names({ AlarmTypes: ['CompositeAlarm'] })).toContain(both);
  },
);

behaviour(
  'the history is told by pages, and a token that nobody has handed out is refused',
  {
    source: controls,
    covers: ['monitoring:DescribeAlarmHistory', 'monitoring:DescribeAlarmHistory!InvalidNextToken'],
  },
  async (aws) => {
    const AlarmName = await alarm(aws, { TreatMissingData: 'ignore' });
    await set(aws, AlarmName);
    const ask = (more: object) => aws.cloudwatch.send(new DescribeAlarmHistoryCommand({ AlarmName, ...more }));
    const first = await ask({ MaxRecords: 1 });
    expect(first.AlarmHistoryItems).toMatchObject([{ HistoryItemType: 'StateUpdate' }]);
    const second = await ask({ MaxRecords: 1, NextToken: first.NextToken });
    expect(second.AlarmHistoryItems).toMatchObject([{ HistoryItemType: 'ConfigurationUpdate' }]);
    await refused(ask({ NextToken: 'invalid-token' }), 'InvalidNextToken', 'Invalid NextToken : invalid-token');
  },
);
