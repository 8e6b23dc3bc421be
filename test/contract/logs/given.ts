/** What the behaviours of CloudWatch Logs begin with: a group, a stream, and lines in it. */
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  type CreateLogGroupCommandInput,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  type InputLogEvent,
  PutLogEventsCommand,
  type PutLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Aws, remote } from '../contract.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A page of the API reference of CloudWatch Logs. */
export const api = (action: string): string =>
  `https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_${action}.html`;
export const guide = (part: string): string => `https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/${part}.html`;
/** Answers of AWS, captured by another cloud's suite. */
export const captured = (name: string): string =>
  `https://github.com/radkawar/stackd/blob/main/testdata/aws/logs/${name}.json`;

/** Why a behaviour is not for a real account, where what was put takes its time to show. */
export const slow = 'what was put may take a while until it can be read';

export const groupArn = (aws: Aws, name: string): string =>
  `arn:aws:logs:${aws.region}:${aws.account}:log-group:${name}`;

/** A group; gone after the test. */
export async function group(aws: Aws, more: Partial<CreateLogGroupCommandInput> = {}): Promise<string> {
  const logGroupName = more.logGroupName ?? `/contract/${aws.name('group')}`;
  await aws.logs.send(new CreateLogGroupCommand({ ...more, logGroupName }));
  aws.afterwards(() => aws.logs.send(new DeleteLogGroupCommand({ logGroupName })));
  return logGroupName;
}

/** A group as DescribeLogGroups tells it. */
export async function described(aws: Aws, logGroupNamePrefix: string) {
  const { logGroups } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
  return logGroups![0]!;
}

/** The cloud's own time, in milliseconds: a group that was just made tells it. */
export async function now(aws: Aws): Promise<number> {
  return (await described(aws, await group(aws))).creationTime!;
}

export const stream = (aws: Aws, logGroupName: string, logStreamName: string) =>
  aws.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));

/** A stream of a new group, what is written to it, and what is read from it. */
export async function lines(aws: Aws) {
  const logGroupName = await group(aws);
  const logStreamName = 'stream';
  await stream(aws, logGroupName, logStreamName);
  const at = (await described(aws, logGroupName)).creationTime!;
  const where = { logGroupName, logStreamName };
  const put = (logEvents: InputLogEvent[], more: Partial<PutLogEventsCommandInput> = {}) =>
    aws.logs.send(new PutLogEventsCommand({ ...where, logEvents, ...more }));
  const get = (more: Partial<GetLogEventsCommandInput> = {}) =>
    aws.logs.send(new GetLogEventsCommand({ ...where, ...more }));
  const filter = (more: Partial<FilterLogEventsCommandInput> = {}) =>
    aws.logs.send(new FilterLogEventsCommand({ logGroupName, ...more }));
  /** A line so many milliseconds from now. */
  const line = (message: string, after = 0): InputLogEvent => ({ timestamp: at + after, message });
  return { ...where, at, put, get, filter, line };
}

export const messagesOf = ({ events = [] }: { events?: { message?: string | undefined }[] | undefined }) =>
  events.map(({ message }) => message);

/** CloudWatch Logs, for whoever has these keys. */
export const logsAs = (
  aws: Aws,
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
) =>
  new CloudWatchLogsClient({
    region: aws.region,
    credentials,
    maxAttempts: 1,
    ...(remote ? {} : { requestHandler: aws.logs.config.requestHandler }),
  });
