import { DescribeAlarmsCommand, SetAlarmStateCommand, type StateValue } from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { alarm, api, captured, composite, described, stateOf, topic } from './given.ts';

const page = api('PutCompositeAlarm');
const language = captured('alarm_composites');

/** Sets the state of an alarm, and gives composite alarms time to follow. */
async function set(aws: Aws, AlarmName: string, state: StateValue): Promise<void> {
  await aws.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: state, StateReason: 'drill' }));
  await aws.pass(3000);
}

/** Alarms in these states, that stay there. */
async function children(aws: Aws, ...states: StateValue[]): Promise<string[]> {
  const names: string[] = [];
  for (const state of states) {
    const name = await alarm(aws, { TreatMissingData: 'ignore' });
    if (state !== 'INSUFFICIENT_DATA') await set(aws, name, state);
    names.push(name);
  }
  return names;
}

/** The state that a rule gives. */
async function judged(aws: Aws, rule: string) {
  const name = await composite(aws, rule);
  await aws.pass(3000);
  return stateOf(aws, name);
}

behaviour(
  'a composite alarm is told as it was put, and is judged at once',
  { source: language, covers: ['monitoring:PutCompositeAlarm', 'monitoring:DescribeAlarms'] },
  async (aws) => {
    const name = await composite(aws, 'FALSE', { AlarmDescription: 'never' });
    await aws.pass(3000);
    expect(await described(aws, name)).toMatchObject({
      AlarmArn: `arn:aws:cloudwatch:${aws.region}:${aws.account}:alarm:${name}`,
      AlarmRule: 'FALSE',
      AlarmDescription: 'never',
      ActionsEnabled: true,
      StateValue: 'OK',
    });
  },
);

behaviour(
  'a rule follows its alarms, and the actions of the composite alarm are taken',
  { source: page, covers: ['monitoring:PutCompositeAlarm'] },
  async (aws) => {
    const [{ arn, heard }, [a, b]] = [await topic(aws), await children(aws, 'ALARM', 'OK')];
    const name = await composite(aws, `ALARM(${a}) AND ALARM(${b})`, { AlarmActions: [arn], OKActions: [arn] });
    await aws.pass(3000);
    await heard();
    await set(aws, b!, 'ALARM');
    expect(await stateOf(aws, name)).toBe('ALARM');
    expect(await heard()).toMatchObject([
      { Message: { AlarmName: name, NewStateValue: 'ALARM', OldStateValue: 'OK' } },
    ]);
    await set(aws, a!, 'OK');
    expect(await stateOf(aws, name)).toBe('OK');
  },
);

behaviour(
  'a composite alarm may depend on others of its kind',
  { source: page, covers: ['monitoring:PutCompositeAlarm'] },
  async (aws) => {
    const [a] = await children(aws, 'OK');
    const inner = await composite(aws, `NOT ALARM(${a})`);
    const outer = await composite(aws, `ALARM("${inner}")`);
    await aws.pass(3000);
    expect(await stateOf(aws, outer)).toBe('ALARM');
    await set(aws, a!, 'ALARM');
    expect(await stateOf(aws, outer)).toBe('OK');
  },
);

behaviour(
  'AND binds closer than OR, NOT closest, and parentheses closer still',
  { source: page, covers: ['monitoring:PutCompositeAlarm'] },
  async (aws) => {
    expect(await judged(aws, 'TRUE OR FALSE AND FALSE')).toBe('ALARM');
    expect(await judged(aws, '(TRUE OR FALSE) AND FALSE')).toBe('OK');
    expect(await judged(aws, 'NOT FALSE AND FALSE')).toBe('OK');
    expect(await judged(aws, 'NOT NOT FALSE')).toBe('OK');
  },
);

behaviour(
  'a rule speaks of each state, by name, in quotes or by ARN, with room wherever one likes',
  { source: language, covers: ['monitoring:PutCompositeAlarm'] },
  async (aws) => {
    const [a, b, c] = await children(aws, 'ALARM', 'OK', 'INSUFFICIENT_DATA');
    const arn = `arn:aws:cloudwatch:${aws.region}:${aws.account}:alarm:${a}`;
    expect(await judged(aws, `OK(${b}) AND INSUFFICIENT_DATA(${c})`)).toBe('ALARM');
    expect(await judged(aws, `ALARM ( "${a}" ) AND ALARM(${arn})`)).toBe('ALARM');
    expect(await judged(aws, `ALARM(${b})`)).toBe('OK');
  },
);

behaviour(
  'AT_LEAST counts alarms that are, or are not, in a state, as a number or as a percentage',
  { source: language, covers: ['monitoring:PutCompositeAlarm'] },
  async (aws) => {
    const all = (await children(aws, 'ALARM', 'ALARM', 'OK')).join(', ');
    expect(await judged(aws, `AT_LEAST(2, ALARM, (${all}))`)).toBe('ALARM');
    expect(await judged(aws, `AT_LEAST(3, ALARM, (${all}))`)).toBe('OK');
    expect(await judged(aws, `AT_LEAST(50%, ALARM, (${all}))`)).toBe('ALARM');
    expect(await judged(aws, `AT_LEAST(67%, ALARM, (${all}))`)).toBe('OK');
    expect(await judged(aws, `AT_LEAST(1, NOT ALARM, (${all}))`)).toBe('ALARM');
    const error = 'ValidationException';
    const put = (number: string) => composite(aws, `AT_LEAST(${number}, ALARM, (${all}))`);
    const absolute = 'Error in AlarmRule [AT_LEAST absolute threshold must be between 1 and number of alarms (3)]';
    await refused(put('4'), error, absolute);
    await refused(put('0'), error, absolute);
    await refused(put('101%'), error, 'Error in AlarmRule [AT_LEAST percentage threshold must be between 1 and 100]');
    await refused(
      put('1.5'),
      error,
      "Error in AlarmRule [Unsupported token '1.5' at char 9, must be: NUMBER, PERCENTAGE NUMBER]",
    );
  },
);

const OPERAND = "'(', 'NOT', AT_LEAST, TRUE or FALSE, ALARM, OK, or INSUFFICIENT_DATA";

behaviour(
  'words of a rule are in capitals, and whatever else it says is refused with its place',
  { source: language, covers: ['monitoring:PutCompositeAlarm'] },
  async (aws) => {
    const put = (rule: string) => composite(aws, rule);
    const why = (word: string, at: number, expected: string) =>
      `Error in AlarmRule [Unsupported token '${word}' at char ${at}, must be: ${expected}]`;
    const rules = [
      ['true', why('true', 0, OPERAND)],
      ['not TRUE', why('not', 0, OPERAND)],
      ['!TRUE', why('!TRUE', 0, OPERAND)],
      ['alarm(a)', why('alarm', 0, OPERAND)],
      ['UNKNOWN(a)', why('UNKNOWN', 0, OPERAND)],
      ['TRUE and FALSE', why('and', 5, "<EOF>, 'AND', 'OR'")],
      ['TRUE && FALSE', why('&&', 5, "<EOF>, 'AND', 'OR'")],
      ['TRUE FALSE', why('FALSE', 5, '<EOF>')],
      ['ALARM(an alarm with spaces)', why('alarm', 9, "')'")],
    ] as const;
    for (const [rule, message] of rules) await refused(put(rule), 'ValidationException', message);
  },
);

behaviour(
  'the alarms of a rule exist, here and in this account, and are others than itself',
  { source: language, covers: ['monitoring:PutCompositeAlarm'] },
  async (aws) => {
    const [name, nobody] = [await composite(aws, 'FALSE'), aws.name('nobody')];
    const put = (child: string) => composite(aws, `ALARM(${child})`, { AlarmName: name });
    const arn = (region: string, account: string) => `arn:aws:cloudwatch:${region}:${account}:alarm:${nobody}`;
    const error = 'ValidationException';
    await refused(
      put(nobody),
      error,
      `Could not save the composite alarm as alarms [${arn(aws.region, aws.account)}] in the alarm rule do not exist`,
    );
    await refused(
      put(name),
      error,
      'A composite alarm cannot have a child relation with itself via its AlarmRule, as it would introduce a circular dependency',
    );
    await refused(
      put(arn(aws.region, '111111111111')),
      error,
      'A composite alarm cannot have a child relation with alarms from another AWS account',
    );
    await refused(
      put(arn('ap-south-1', aws.account)),
      error,
      `Error in AlarmRule [Wrong ARN region, it was ap-south-1 but ${aws.region} was expected instead]`,
    );
    expect((await described(aws, name)).AlarmRule).toBe('FALSE');
  },
);

behaviour(
  'metric and composite alarms share their names',
  { source: captured('alarm_controls'), covers: ['monitoring:PutCompositeAlarm', 'monitoring:PutMetricAlarm'] },
  async (aws) => {
    const [metric, both] = [await alarm(aws), await composite(aws, 'FALSE')];
    await refused(composite(aws, 'FALSE', { AlarmName: metric }), 'ValidationException');
    await refused(alarm(aws, { AlarmName: both }), 'ValidationException');
    const asked = { AlarmNames: [metric, both], AlarmTypes: ['CompositeAlarm' as const] };
    expect((await aws.cloudwatch.send(new DescribeAlarmsCommand(asked))).CompositeAlarms).toHaveLength(1);
  },
);

behaviour(
  'composite alarms that depend on each other do not run in circles',
  { source: page, covers: ['monitoring:PutCompositeAlarm'] },
  async (aws) => {
    const [a] = await children(aws, 'OK');
    const one = await composite(aws, `ALARM(${a})`);
    const other = await composite(aws, `NOT ALARM(${one})`);
    await composite(aws, `ALARM(${other}) OR ALARM(${a})`, { AlarmName: one });
    await set(aws, a!, 'ALARM');
    expect(['ALARM', 'OK']).toContain(await stateOf(aws, one));
    await composite(aws, 'FALSE', { AlarmName: one });
    await aws.pass(3000);
    expect(await stateOf(aws, one)).toBe('OK');
  },
);
