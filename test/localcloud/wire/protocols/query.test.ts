/** The query protocol by hand: what only old clients of SQS and CloudWatch send, and what forms and XML make difficult. */
import { expect, test } from 'vitest';
import { answer } from '../../../../localcloud/wire/answer.ts';
import { type Script, signed, stubCloud } from '../stub.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

async function ask(script: Script, request: { service: string; body?: string; path?: string; method?: string }) {
  const { cloud, seen } = stubCloud(script);
  const { status, body } = await answer(cloud, signed({ headers: request.method === 'GET' ? {} : form, ...request }));
  return { status, body: String(body), input: seen[0]?.input };
}

test('SQS: an old client sends to the URL of the queue, with flattened lists and maps', async () => {
  const { input, body } = await ask(
    {
      sqs: {
        ReceiveMessage: () => ({
          Messages: [{ MessageId: 'a', Attributes: { SentTimestamp: '1' } }, { MessageId: 'b' }],
        }),
      },
    },
    {
      service: 'sqs',
      path: '/123456789012/q',
      body: 'Action=ReceiveMessage&Version=2012-11-05&MaxNumberOfMessages=10&AttributeName.1=All&AttributeName.2=SentTimestamp',
    },
  );
  expect(input).toEqual({
    QueueUrl: '/123456789012/q',
    MaxNumberOfMessages: 10,
    AttributeNames: ['All', 'SentTimestamp'],
  });
  expect(body).toContain(
    '<ReceiveMessageResult><Message><MessageId>a</MessageId><Attribute><Name>SentTimestamp</Name><Value>1</Value></Attribute></Message><Message><MessageId>b</MessageId></Message></ReceiveMessageResult>',
  );
});

test('SQS: flattened maps are read by the names of their entries', async () => {
  const { input } = await ask(
    { sqs: { SetQueueAttributes: () => undefined } },
    {
      service: 'sqs',
      body: 'Action=SetQueueAttributes&QueueUrl=q&Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=30&Attribute.2.Name=Policy&Attribute.2.Value=',
    },
  );
  expect(input).toEqual({ QueueUrl: 'q', Attributes: { VisibilityTimeout: '30', Policy: '' } });
});

test('CloudWatch: an old client is answered in XML', async () => {
  const { input, body } = await ask(
    { monitoring: { DescribeAlarms: () => ({ MetricAlarms: [{ AlarmName: 'a<b', ActionsEnabled: true }] }) } },
    { service: 'monitoring', body: 'Action=DescribeAlarms&AlarmNames.member.1=a&AlarmNames.member.2=b' },
  );
  expect(input).toEqual({ AlarmNames: ['a', 'b'] });
  expect(body).toContain(
    '<MetricAlarms><member><AlarmName>a&lt;b</AlarmName><ActionsEnabled>true</ActionsEnabled></member></MetricAlarms>',
  );
});

test('members keep their numbers: the tenth comes after the second', async () => {
  const names = [1, 10, 2].map((n) => `AlarmNames.member.${n}=${n}`).join('&');
  const { input } = await ask(
    { monitoring: { DescribeAlarms: () => ({}) } },
    { service: 'monitoring', body: `Action=DescribeAlarms&${names}` },
  );
  expect(input).toEqual({ AlarmNames: ['1', '2', '10'] });
});

test('a parameter that the action does not have is handed on for the action to refuse', async () => {
  const { input } = await ask(
    { sns: { ListTopics: () => ({}) } },
    { service: 'sns', body: 'Action=ListTopics&Wings=2' },
  );
  expect(input).toEqual({ Wings: '2' });
});

test('an empty list is empty', async () => {
  const { input } = await ask(
    { cloudformation: { CreateStack: () => ({}) } },
    { service: 'cloudformation', body: 'Action=CreateStack&StackName=s&Tags=' },
  );
  expect(input).toEqual({ StackName: 's', Tags: [] });
});

test('a GET may ask too', async () => {
  const { status, body } = await ask({}, { service: 'sts', method: 'GET', path: '/?Action=GetCallerIdentity' });
  expect(status).toBe(200);
  expect(body).toContain('<Arn>arn:aws:iam::123456789012:user/test</Arn>');
});

test('an action without a result has an answer without one', async () => {
  const { body } = await ask(
    { sns: { DeleteTopic: () => undefined } },
    { service: 'sns', body: 'Action=DeleteTopic&TopicArn=t' },
  );
  expect(body).toMatch(
    /<DeleteTopicResponse xmlns="[^"]+"><ResponseMetadata><RequestId>[^<]+<\/RequestId><\/ResponseMetadata><\/DeleteTopicResponse>/,
  );
});
