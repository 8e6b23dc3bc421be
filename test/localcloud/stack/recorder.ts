/** Services that do nothing but write down what CloudFormation asked of them, and answer as if they had done it. */

import { type Context, type Service, ServiceError } from '../../../localcloud/service.ts';
import type { DeployStackRequest, DeployStackResult } from '../../../localcloud/stack/deploy-stack.ts';
import type { Change } from '../../../localcloud/stack/deployment.ts';
import { cloudformation } from '../../../localcloud/stack/index.ts';
import { testCloud } from '../bench-cloud.ts';

export interface Asked {
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly input: any;
}

const ACCOUNT = '123456789012';

/** Answers that resource types read; every other action answers `{}`. */
const answers: Readonly<Record<string, (input: any, context: Context) => object>> = {
  'sqs.CreateQueue': ({ QueueName }, { endpoint }) => ({ QueueUrl: `${endpoint}/${ACCOUNT}/${QueueName}` }),
  'sns.CreateTopic': ({ Name }, { region }) => ({ TopicArn: `arn:aws:sns:${region}:${ACCOUNT}:${Name}` }),
  'sns.Subscribe': ({ TopicArn }) => ({ SubscriptionArn: `${TopicArn}:subscription` }),
  'kms.CreateKey': (_, { region }) => ({
    KeyMetadata: { KeyId: 'key-1', Arn: `arn:aws:kms:${region}:${ACCOUNT}:key/key-1` },
  }),
  'iam.CreateRole': ({ RoleName }) => ({
    Role: { RoleName, RoleId: 'AROA1', Arn: `arn:aws:iam::${ACCOUNT}:role/${RoleName}` },
  }),
  'iam.CreatePolicy': ({ PolicyName }) => ({ Policy: { Arn: `arn:aws:iam::${ACCOUNT}:policy/${PolicyName}` } }),
  'iam.GetPolicy': () => ({ Policy: { DefaultVersionId: 'v1' } }),
  'events.DescribeEventBus': () => ({}),
  'lambda.PublishVersion': ({ FunctionName }, { region }) => ({
    FunctionArn: `arn:aws:lambda:${region}:${ACCOUNT}:function:${FunctionName}:1`,
    Version: '1',
  }),
  'lambda.CreateAlias': ({ FunctionName, Name }, { region }) => ({
    AliasArn: `arn:aws:lambda:${region}:${ACCOUNT}:function:${FunctionName}:${Name}`,
  }),
  'lambda.CreateEventSourceMapping': () => ({ UUID: 'mapping-1' }),
  'dynamodb.DescribeTable': ({ TableName }, { region }) => ({
    Table: { TableArn: `arn:aws:dynamodb:${region}:${ACCOUNT}:table/${TableName}`, TableId: 'table-1' },
  }),
};

const NAMES = ['sqs', 'sns', 'kms', 'iam', 'events', 'lambda', 'dynamodb', 'monitoring', 'logs', 'ssm', 'codedeploy'];

export function recorder() {
  const asked: Asked[] = [];
  const refusals = new Map<string, ServiceError>();
  const principals = new Set<string>();
  const record = (service: string, action: string) => (input: any, _: unknown, context: Context) => {
    // A look whether a name is free, which changes nothing.
    if (action === 'ListQueues') return {};
    asked.push({ service, action, region: context.region, input });
    principals.add(JSON.stringify(context.principal));
    const refusal = refusals.get(`${service}.${action}`);
    if (refusal) throw refusal;
    return answers[`${service}.${action}`]?.(input, context) ?? {};
  };
  const stub = (name: string): Service => ({
    name,
    create: () => ({}),
    actions: new Proxy({}, { get: (_, action) => record(name, String(action)) }),
  });
  const { cloud, call } = testCloud([cloudformation, ...NAMES.map(stub)]);
  return {
    cloud,
    call,
    asked,
    principals,
    /** Makes an action refuse from now on, or no longer. */
    refuse: (name: string, code = 'InternalFailure', message = 'refused by the test') =>
      refusals.set(name, new ServiceError(code, message)),
    allow: (name: string) => refusals.delete(name),
    /** Takes the calls made so far, as `service.Action`. */
    take: (): string[] => asked.splice(0).map(({ service, action }) => `${service}.${action}`),
    inputOf: (name: string): any => asked.find(({ service, action }) => `${service}.${action}` === name)?.input,
    deploy: (Resources: object, more: Partial<DeployStackRequest> & { Outputs?: object; region?: string } = {}) => {
      const { Outputs, region, ...request } = more;
      const Template = { Resources, ...(Outputs ? { Outputs } : {}) };
      const input = { StackName: 'shop', Template, ...request };
      return call<DeployStackResult>('cloudformation', 'DeployStack', input, region ? { region } : {});
    },
  };
}

/** What became of each resource: `{ Queue: 'created' }`. */
export const changesOf = (result: { Changes: readonly Change[] }): Record<string, string> =>
  Object.fromEntries(result.Changes.map(({ LogicalResourceId, Change }) => [LogicalResourceId, Change]));
