/** One of everything, wired as an event pipeline is. */
const resource = (Type: string, Properties: object = {}, more: object = {}) => ({ Type, Properties, ...more });
const attribute = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });
const allow = (Action: string, Resource: unknown, Principal?: object) => ({
  Version: '2012-10-17',
  Statement: [{ Sid: 'S', Effect: 'Allow', Action, Resource, ...(Principal ? { Principal } : {}) }],
});
const eventBridge = { Service: 'events.amazonaws.com' };
const account = { AWS: 'arn:aws:iam::123456789012:root' };
/** A template with every type there is. `n` changes what can be changed without replacement. */
export const everyType = (n: number): Record<string, { Type: string }> => ({
  CDKMetadata: resource('AWS::CDK::Metadata', { Analytics: 'x' }),
  Key: resource('AWS::KMS::Key', {
    KeyPolicy: allow('kms:*', '*', account),
    EnableKeyRotation: true,
    Tags: [{ Key: 'n', Value: String(n) }],
  }),
  KeyAlias: resource('AWS::KMS::Alias', { AliasName: 'alias/main', TargetKeyId: { Ref: 'Key' } }),
  Dead: resource('AWS::SQS::Queue', {
    QueueName: 'dead.fifo',
    FifoQueue: true,
    ContentBasedDeduplication: true,
    MessageRetentionPeriod: 1209600,
  }),
  Queue: resource('AWS::SQS::Queue', {
    QueueName: 'q.fifo',
    FifoQueue: true,
    ContentBasedDeduplication: true,
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
    KmsMasterKeyId: attribute('Key'),
    KmsDataKeyReusePeriodSeconds: 300,
    VisibilityTimeout: 60 + n,
    RedrivePolicy: { deadLetterTargetArn: attribute('Dead'), maxReceiveCount: 5 },
    Tags: [{ Key: 'n', Value: String(n) }],
  }),
  Inbox: resource('AWS::SQS::Queue', { QueueName: 'inbox' }),
  InboxPolicy: resource('AWS::SQS::QueuePolicy', {
    Queues: [{ Ref: 'Inbox' }],
    PolicyDocument: allow('sqs:SendMessage', attribute('Inbox'), eventBridge),
  }),
  Bus: resource('AWS::Events::EventBus', {
    Name: 'main',
    Description: `d${n}`,
    KmsKeyIdentifier: attribute('Key'),
    DeadLetterConfig: { Arn: attribute('Inbox') },
    Policy: allow('events:PutEvents', 'arn:aws:events:eu-west-1:123456789012:event-bus/main', account),
    Tags: [{ Key: 'n', Value: String(n) }],
  }),
  BusPolicy: resource('AWS::Events::EventBusPolicy', {
    EventBusName: { Ref: 'Bus' },
    StatementId: 'More',
    Statement: { Effect: 'Allow', Principal: account, Action: 'events:PutEvents', Resource: attribute('Bus') },
  }),
  Rule: resource('AWS::Events::Rule', {
    Name: 'to-inbox',
    EventBusName: { Ref: 'Bus' },
    State: 'ENABLED',
    EventPattern: { source: ['x'] },
    Targets: [
      {
        Id: `T${n}`,
        Arn: attribute('Inbox'),
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 },
        DeadLetterConfig: { Arn: attribute('Inbox') },
      },
    ],
  }),
  Archive: resource('AWS::Events::Archive', {
    ArchiveName: 'main',
    SourceArn: attribute('Bus'),
    EventPattern: { source: [{ prefix: 'x' }] },
    RetentionDays: 30 + n,
    KmsKeyIdentifier: attribute('Key'),
  }),
  Global: resource('AWS::DynamoDB::GlobalTable', {
    TableName: 'state',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    Replicas: [
      {
        Region: 'eu-central-1',
        SSESpecification: { KMSMasterKeyId: 'arn:aws:kms:eu-central-1:123456789012:alias/main' },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: false,
        Tags: [{ Key: 'n', Value: String(n) }],
      },
      {
        Region: 'eu-west-1',
        SSESpecification: { KMSMasterKeyId: attribute('Key') },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: n > 0 },
        DeletionProtectionEnabled: false,
        Tags: [{ Key: 'n', Value: String(n) }],
      },
    ],
  }),
  Table: resource('AWS::DynamoDB::Table', {
    TableName: 'plain',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'g', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-g',
        KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  }),
  Role: resource('AWS::IAM::Role', {
    RoleName: 'r',
    AssumeRolePolicyDocument: allow('sts:AssumeRole', undefined, {
      Service: ['lambda.amazonaws.com', 'codedeploy.amazonaws.com'],
    }),
    Description: `d${n}`,
    Policies: [{ PolicyName: `in${n}`, PolicyDocument: allow('sqs:SendMessage', attribute('Inbox')) }],
    Tags: [{ Key: 'n', Value: String(n) }],
  }),
  Managed: resource('AWS::IAM::ManagedPolicy', {
    ManagedPolicyName: 'm',
    Description: '',
    Path: '/',
    PolicyDocument: allow(n ? 'sqs:DeleteMessage' : 'sqs:ReceiveMessage', attribute('Queue')),
    Roles: [{ Ref: 'Role' }],
  }),
  Policy: resource('AWS::IAM::Policy', {
    PolicyName: `p${n}`,
    PolicyDocument: allow('sqs:GetQueueAttributes', attribute('Queue')),
    Roles: [{ Ref: 'Role' }],
  }),
  Logs: resource('AWS::Logs::LogGroup', {
    LogGroupName: '/main/f',
    RetentionInDays: n ? 14 : 7,
    KmsKeyId: attribute('Key'),
    Tags: [{ Key: 'n', Value: String(n) }],
  }),
  Fn: resource(
    'AWS::Lambda::Function',
    {
      FunctionName: 'f',
      Role: attribute('Role'),
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Code: { S3Bucket: 'b', S3Key: `${n}.zip` },
      Environment: { Variables: { NUMBER: String(n) } },
      KmsKeyArn: attribute('Key'),
      MemorySize: 256,
      Timeout: 10,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogGroup: { Ref: 'Logs' }, LogFormat: 'JSON' },
      RecursiveLoop: n ? 'Allow' : 'Terminate',
      ReservedConcurrentExecutions: 4 + n,
      Tags: [{ Key: 'n', Value: String(n) }],
    },
    { DependsOn: ['Managed'] },
  ),
  [`Version${n}`]: resource('AWS::Lambda::Version', { FunctionName: { Ref: 'Fn' } }),
  Application: resource('AWS::CodeDeploy::Application', { ApplicationName: 'app', ComputePlatform: 'Lambda' }),
  Group: resource('AWS::CodeDeploy::DeploymentGroup', {
    ApplicationName: { Ref: 'Application' },
    DeploymentGroupName: 'group',
    ServiceRoleArn: attribute('Role'),
    DeploymentConfigName: `CodeDeployDefault.LambdaCanary10Percent${n ? 10 : 5}Minutes`,
  }),
  Live: resource('AWS::Lambda::Alias', {
    FunctionName: { Ref: 'Fn' },
    FunctionVersion: attribute(`Version${n}`, 'Version'),
    Name: 'live',
  }),
  Mapping: resource(
    'AWS::Lambda::EventSourceMapping',
    {
      EventSourceArn: attribute('Queue'),
      FunctionName: 'f:live',
      BatchSize: 5 + n,
      Enabled: n > 0,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    },
    { DependsOn: 'Live' },
  ),
  Permission: resource('AWS::Lambda::Permission', {
    FunctionName: attribute('Fn'),
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: attribute('Rule'),
  }),
  Setting: resource('AWS::SSM::Parameter', {
    Name: '/main/setting',
    Type: 'String',
    Value: String(n),
    Tags: { n: String(n) },
  }),
  Topic: resource('AWS::SNS::Topic', {
    TopicName: 'alarms',
    KmsMasterKeyId: attribute('Key'),
    DisplayName: `d${n}`,
    Tags: [{ Key: 'n', Value: String(n) }],
  }),
  TopicPolicy: resource('AWS::SNS::TopicPolicy', {
    Topics: [{ Ref: 'Topic' }],
    PolicyDocument: allow('sns:Publish', { Ref: 'Topic' }, { Service: 'cloudwatch.amazonaws.com' }),
  }),
  Subscription: resource('AWS::SNS::Subscription', {
    TopicArn: { Ref: 'Topic' },
    Protocol: 'sqs',
    Endpoint: attribute('Inbox'),
    RawMessageDelivery: n > 0,
  }),
  Alarm: resource('AWS::CloudWatch::Alarm', {
    AlarmName: 'a',
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: 1,
    Threshold: 1 + n,
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: attribute('Dead', 'QueueName') }],
    Period: 60,
    Statistic: 'Maximum',
    TreatMissingData: 'notBreaching',
    AlarmActions: [{ Ref: 'Topic' }],
    Tags: [{ Key: 'n', Value: String(n) }],
  }),
  Expression: resource('AWS::CloudWatch::Alarm', {
    AlarmName: 'math',
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    Threshold: 5,
    Metrics: [
      { Id: 'e', Expression: '100 * m1 / m2', Label: 'x' },
      {
        Id: 'm1',
        MetricStat: {
          Metric: { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value: 'f' }] },
          Period: 60,
          Stat: 'Sum',
        },
        ReturnData: false,
      },
      {
        Id: 'm2',
        MetricStat: {
          Metric: {
            Namespace: 'AWS/Lambda',
            MetricName: 'Invocations',
            Dimensions: [{ Name: 'FunctionName', Value: 'f' }],
          },
          Period: 60,
          Stat: 'Sum',
        },
        ReturnData: false,
      },
    ],
  }),
  Composite: resource('AWS::CloudWatch::CompositeAlarm', {
    AlarmName: 'c',
    AlarmRule: { 'Fn::Join': ['', ['ALARM("', attribute('Alarm'), '")']] },
    AlarmActions: [{ Ref: 'Topic' }],
  }),
  Dashboard: resource('AWS::CloudWatch::Dashboard', {
    DashboardName: 'dash',
    DashboardBody: `{"widgets":[],"n":${n}}`,
  }),
});
