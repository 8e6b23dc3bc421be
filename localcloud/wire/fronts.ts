/** Which services the front speaks for, and how each of them puts its words on the wire. A new one is a line here. */

/** How AWS's clients address a service. */
export interface Front {
  /** The signing name, which the credential scope carries; also the service's name in the cloud. */
  readonly service: string;
  /** The SDK's client, whose schemas say what every action's members are. */
  readonly client: string;
  /** The protocol of today's clients. The AWS query protocol is understood beside JSON where the service once spoke it. */
  readonly speaks: 'json' | 'query' | 'rest-json';
  /** What precedes the dot in `x-amz-target`. */
  readonly target?: string;
  /** Namespace of XML answers. */
  readonly namespace?: string;
  /** What precedes an error's name in `__type`; most JSON services write the bare name. */
  readonly errorPrefix?: string;
}

export const fronts: readonly Front[] = [
  {
    service: 'cloudformation',
    client: '@aws-sdk/client-cloudformation',
    speaks: 'query',
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  },
  { service: 'codedeploy', client: '@aws-sdk/client-codedeploy', speaks: 'json', target: 'CodeDeploy_20141006' },
  {
    service: 'dynamodb',
    client: '@aws-sdk/client-dynamodb',
    speaks: 'json',
    target: 'DynamoDB_20120810',
    errorPrefix: 'com.amazonaws.dynamodb.v20120810#',
  },
  { service: 'events', client: '@aws-sdk/client-eventbridge', speaks: 'json', target: 'AWSEvents' },
  {
    service: 'iam',
    client: '@aws-sdk/client-iam',
    speaks: 'query',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  },
  { service: 'kms', client: '@aws-sdk/client-kms', speaks: 'json', target: 'TrentService' },
  { service: 'lambda', client: '@aws-sdk/client-lambda', speaks: 'rest-json' },
  { service: 'logs', client: '@aws-sdk/client-cloudwatch-logs', speaks: 'json', target: 'Logs_20140328' },
  {
    service: 'monitoring',
    client: '@aws-sdk/client-cloudwatch',
    speaks: 'json',
    target: 'GraniteServiceVersion20100801',
    namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  },
  {
    service: 'sns',
    client: '@aws-sdk/client-sns',
    speaks: 'query',
    namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  },
  {
    service: 'sqs',
    client: '@aws-sdk/client-sqs',
    speaks: 'json',
    target: 'AmazonSQS',
    namespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    errorPrefix: 'com.amazonaws.sqs#',
  },
  { service: 'ssm', client: '@aws-sdk/client-ssm', speaks: 'json', target: 'AmazonSSM' },
  {
    service: 'sts',
    client: '@aws-sdk/client-sts',
    speaks: 'query',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  },
];

const byService = new Map(fronts.map((front) => [front.service, front]));
const byTarget = new Map(
  fronts.flatMap((front) => (front.target === undefined ? [] : [[front.target, front] as const])),
);

export const frontOf = (service: string): Front | undefined => byService.get(service);
export const frontOfTarget = (target: string): Front | undefined => byTarget.get(target);
export const serviceNames: readonly string[] = fronts.map((front) => front.service);
