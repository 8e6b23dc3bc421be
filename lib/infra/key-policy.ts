/**
 * Who may use the key, written by hand: the conveniences of CDK leave out what a service needs (log groups, alarms on an
 * encrypted topic) or leave out the condition (rules of any account). AWS KMS developer guide, and each service's page on
 * encryption at rest.
 */
import { AccountPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { names } from '../model/names.ts';
import { arns } from './arns.ts';
import type { Place } from './place.ts';
import { onlyFor } from './statements.ts';

// In a key's policy `*` is this key.
const thisKey = ['*'];
// Everything but using it: not even an administrator can decrypt past the services.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
const administration = [
  ...['Describe', 'Enable', 'List', 'Put', 'Update', 'Revoke', 'Disable', 'Get', 'Delete'].map(
    (verb) => `kms:${verb}*`,
  ),
  ...[
    'CreateAlias',
    'TagResource',
    'UntagResource',
    'ScheduleKeyDeletion',
    'CancelKeyDeletion',
    'RotateKeyOnDemand',
  ].map((action) => `kms:${action}`),
];
const administer = ({ config }: Place): PolicyStatement =>
  new PolicyStatement({
    sid: 'Administer',
    principals: [new AccountPrincipal(config.account)],
    resources: thisKey,
    actions: administration,
  });
const reEncrypt = ['kms:ReEncryptFrom', 'kms:ReEncryptTo'];
const encrypt = ['kms:GenerateDataKey', 'kms:Decrypt'];

export const keyPolicy = (place: Place): PolicyDocument =>
  new PolicyDocument({ statements: [...forTheAccount(place), ...forEvents(place), ...forObservation(place)] });

/** The account's own policies decide who administers the key, and who uses it, which is only ever by way of a service. */
function forTheAccount(place: Place): PolicyStatement[] {
  const principals = [new AccountPrincipal(place.config.account)];
  const via = (...services: string[]) => services.map((service) => `${service}.${place.region}.amazonaws.com`);
  return [
    administer(place),
    new PolicyStatement({
      sid: 'UseThroughServices',
      principals,
      resources: thisKey,
      // Without plaintext: what somebody must have who gives the key to a bus or an archive.
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
      actions: [...encrypt, 'kms:GenerateDataKeyWithoutPlaintext', 'kms:Encrypt', ...reEncrypt],
      conditions: { StringEquals: { 'kms:ViaService': via('sqs', 'dynamodb', 'events', 'lambda') } },
    }),
    new PolicyStatement({
      // DynamoDB keeps a table's key, and Lambda a function's environment, by a grant that it makes for the caller.
      sid: 'GrantToServices',
      principals,
      resources: thisKey,
      actions: ['kms:CreateGrant'],
      conditions: { StringEquals: { 'kms:ViaService': via('dynamodb', 'lambda') } },
    }),
    new PolicyStatement({
      sid: 'DecryptEnvironments',
      principals,
      resources: thisKey,
      actions: ['kms:Decrypt'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:lambda:FunctionArn': arns.function(place, `${names.base(place.deployment)}-*`),
        },
      },
    }),
  ];
}

function forEvents(place: Place): PolicyStatement[] {
  const principals = [new ServicePrincipal('events.amazonaws.com')];
  return [
    new PolicyStatement({
      // Apart from the others, because it carries no encryption context; as in AWS's own policies for buses and archives, on no
      // condition: that EventBridge says here for whom it asks is written nowhere, and without this no bus could be made.
      sid: 'EventBridgeLooksAtTheKey',
      principals,
      resources: thisKey,
      actions: ['kms:DescribeKey'],
    }),
    new PolicyStatement({
      // Bus and archive: both give the bus as context, and the archive gives no source ARN.
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-archives.html
      sid: 'EventBridgeKeepsEvents',
      principals,
      resources: thisKey,
      actions: [...encrypt, ...reEncrypt],
      conditions: { StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': arns.bus(place) } },
    }),
    new PolicyStatement({
      // Which rule may send to which queue is the queue's policy to say. That the rule is passed on from SQS to KMS is written
      // nowhere (to SNS it is not: landing-zone-accelerator #407); that the account is, CDK's own integration tests show.
      sid: 'RulesDeliverToQueues',
      principals,
      resources: thisKey,
      actions: encrypt,
      conditions: { StringEquals: { 'aws:SourceAccount': place.config.account } },
    }),
  ];
}

function forObservation(place: Place): PolicyStatement[] {
  const { pipeline, environment } = place.deployment;
  return [
    new PolicyStatement({
      sid: 'LogGroupsKeepLogs',
      principals: [new ServicePrincipal(`logs.${place.region}.amazonaws.com`)],
      resources: thisKey,
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey*', ...reEncrypt, 'kms:DescribeKey'],
      conditions: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arns.logGroup(place, `/${pipeline}/${environment}/*`) },
      },
    }),
  ];
}

/** Of the key that only alarms use, on their way to those whom they tell. */
export const alarmKeyPolicy = (place: Place): PolicyDocument =>
  new PolicyDocument({
    statements: [
      administer(place),
      new PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        resources: thisKey,
        actions: encrypt,
        conditions: onlyFor(place, arns.alarm(place, `${names.base(place.deployment)}-*`)),
      }),
    ],
  });
