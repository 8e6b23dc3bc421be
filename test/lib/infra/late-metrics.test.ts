/** Metrics that come minutes late, as those of AWS may: an alarm that fills what is missing must see them all the same. */
import { expect, test } from 'vitest';
import { services } from '../../../localcloud/services.ts';
import { testCloud } from '../../localcloud/bench-cloud.ts';
import { synthesise } from './templates.ts';

const MINUTE = 60_000;
const StackName = 'bank-dev-monitor-eu-west-1';
const Template = synthesise().template(StackName);
const service = { kind: 'service', account: '123456789012', service: 'dynamodb.amazonaws.com' } as const;

test.each([0, 2, 6])(
  'replication that lags is told of, and told to be over, by numbers that come %i minutes late',
  async (late) => {
    const { cloud, call, pass } = testCloud(services);
    await call('cloudformation', 'DeployStack', { StackName, Template });
    const Dimensions = [
      { Name: 'ReceivingRegion', Value: 'eu-central-1' },
      { Name: 'TableName', Value: 'bank-dev-records' },
    ];
    /** So many minutes, in which DynamoDB tells how late it was in a minute that is past. */
    const minutes = async (count: number, Value: number) => {
      for (let minute = 0; minute < count; minute++) {
        await pass(MINUTE);
        const Timestamp = new Date(cloud.now() - (late + 0.5) * MINUTE);
        const MetricData = [{ MetricName: 'ReplicationLatency', Dimensions, Value, Unit: 'Milliseconds', Timestamp }];
        await call('monitoring', 'PutMetricData', { Namespace: 'AWS/DynamoDB', MetricData }, { as: service });
      }
    };
    const state = async () => {
      const { MetricAlarms } = await call('monitoring', 'DescribeAlarms', {
        AlarmNames: ['bank-dev-records-replication'],
      });
      return MetricAlarms[0].StateValue;
    };
    await minutes(12, 500);
    expect(await state()).toBe('OK');
    await minutes(12, 90_000);
    expect(await state()).toBe('ALARM');
    await minutes(20, 500);
    expect(await state()).toBe('OK');
  },
);
