/** What the behaviours of CloudWatch begin with. Everything is undone after the test, but metrics, which nobody can delete. */
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  ListMetricsCommand,
  type MetricDatum,
  PutCompositeAlarmCommand,
  type PutCompositeAlarmCommandInput,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateTopicCommand, DeleteTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Aws } from '../contract.ts';

export const MINUTE = 60_000;

/** Answers of AWS, as LocalStack's suite recorded them, and another cloud's suite. */
export const recorded =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json';
export const captured = (name: string): string =>
  `https://github.com/radkawar/stackd/blob/main/testdata/aws/cloudwatch/${name}.json`;
export const api = (action: string): string =>
  `https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_${action}.html`;
export const guide = (part: string): string =>
  `https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/${part}.html`;

/** The cloud's own time, to the second: it stands in every answer. */
export async function now(aws: Aws): Promise<number> {
  let date = '';
  aws.cloudwatch.middlewareStack.add(
    (next) => async (args) => {
      const answered = await next(args);
      date = (answered.response as { headers: Record<string, string> }).headers.date!;
      return answered;
    },
    { step: 'deserialize', name: 'date', override: true },
  );
  await aws.cloudwatch.send(new ListMetricsCommand({ Namespace: 'none' }));
  aws.cloudwatch.middlewareStack.remove('date');
  return new Date(date).getTime();
}

/** Measures; by default `Count` in a namespace of the test's own, now. */
export const measure = (aws: Aws, Namespace: string, ...MetricData: Partial<MetricDatum>[]) =>
  aws.cloudwatch.send(
    new PutMetricDataCommand({ Namespace, MetricData: MetricData.map((datum) => ({ MetricName: 'Count', ...datum })) }),
  );

/** What GetMetricData says of some queries, from an hour ago to an hour ahead. */
export async function ask(
  aws: Aws,
  MetricDataQueries: GetMetricDataCommandInput['MetricDataQueries'],
  more: Partial<GetMetricDataCommandInput> = {},
) {
  const at = await now(aws);
  const between = { StartTime: new Date(at - 60 * MINUTE), EndTime: new Date(at + 60 * MINUTE) };
  return (await aws.cloudwatch.send(new GetMetricDataCommand({ MetricDataQueries, ...between, ...more })))
    .MetricDataResults!;
}

/** A query of the metric `Count`. */
export const stat = (Id: string, Namespace: string, Stat = 'Sum', more: object = {}) => ({
  Id,
  MetricStat: { Metric: { Namespace, MetricName: 'Count', ...more }, Period: 60, Stat },
});

/** An alarm that goes off when a minute's sum of `Count` is more than 5; returns its name. */
export async function alarm(aws: Aws, more: Partial<PutMetricAlarmCommandInput> = {}): Promise<string> {
  const AlarmName = more.AlarmName ?? aws.name('alarm');
  const metric = more.Metrics
    ? {}
    : { Namespace: 'Contract/None', MetricName: 'Count', Statistic: 'Sum' as const, Period: 60 };
  await aws.cloudwatch.send(
    new PutMetricAlarmCommand({
      ...metric,
      AlarmName,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
      ...more,
    }),
  );
  aws.afterwards(() => aws.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })));
  return AlarmName;
}

export async function composite(
  aws: Aws,
  AlarmRule: string,
  more: Partial<PutCompositeAlarmCommandInput> = {},
): Promise<string> {
  const AlarmName = more.AlarmName ?? aws.name('composite');
  await aws.cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule, ...more }));
  aws.afterwards(() => aws.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })));
  return AlarmName;
}

/** An alarm of either kind as DescribeAlarms tells it. */
export async function described(aws: Aws, name: string) {
  const { MetricAlarms = [], CompositeAlarms = [] } = await aws.cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  return { ...MetricAlarms[0], ...CompositeAlarms[0] };
}

export const stateOf = async (aws: Aws, name: string) => (await described(aws, name)).StateValue;

/** A topic that alarms may speak to, and what it has heard. */
export async function topic(aws: Aws) {
  const Name = aws.name('alerts');
  const arn = `arn:aws:sns:${aws.region}:${aws.account}:${Name}`;
  const allow = (Service: string, Action: string, Resource: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service }, Action, Resource }],
    });
  const Policy = allow('cloudwatch.amazonaws.com', 'sns:Publish', arn);
  await aws.sns.send(new CreateTopicCommand({ Name, Attributes: { Policy } }));
  aws.afterwards(() => aws.sns.send(new DeleteTopicCommand({ TopicArn: arn })));
  const queueArn = `arn:aws:sqs:${aws.region}:${aws.account}:${Name}`;
  const { QueueUrl } = await aws.sqs.send(
    new CreateQueueCommand({
      QueueName: Name,
      Attributes: { Policy: allow('sns.amazonaws.com', 'sqs:SendMessage', queueArn) },
    }),
  );
  aws.afterwards(() => aws.sqs.send(new DeleteQueueCommand({ QueueUrl })));
  await aws.sns.send(new SubscribeCommand({ TopicArn: arn, Protocol: 'sqs', Endpoint: queueArn }));
  const heard = async (): Promise<{ Subject: string; Message: any }[]> => {
    const wait = { QueueUrl, WaitTimeSeconds: 5, MaxNumberOfMessages: 10 };
    const { Messages = [] } = await aws.sqs.send(new ReceiveMessageCommand(wait));
    return Messages.map(({ Body }) => JSON.parse(Body!)).map(({ Subject, Message }) => ({
      Subject,
      Message: JSON.parse(Message),
    }));
  };
  return { arn, heard };
}
