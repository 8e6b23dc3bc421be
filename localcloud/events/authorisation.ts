/** What EventBridge asks of policies (Service Authorization Reference, "Amazon EventBridge"; user guide, "Encryption"). */
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { passRole } from '../iam/authorisation.ts';
import { type KeyProblem, keyNeeds } from '../kms/authorisation.ts';
import { type Asked, type Authorisation, type Needs, needsOn, type Requirement } from '../policy/demand.ts';
import { ServiceError } from '../service.ts';
import { entryNeeds } from './entry-authorisation.ts';
import { arnOf, type Bus, type Events, lookUpBus, ruleArn } from './state.ts';

const stateOf = ({ cloud, region }: Asked): Events => cloud.state<Events>('events', region);

const busNamed = (name: unknown, asked: Asked): Bus | undefined =>
  lookUpBus(stateOf(asked), name as string | undefined);
const busName = (nameOrArn = 'default'): string => nameOrArn.replace(/^arn:.*:event-bus\//, '');

const busArn = (asked: Asked): string =>
  arnOf(asked, `event-bus/${busName(asked.input.EventBusName ?? asked.input.Name)}`);
const archiveArn = (asked: Asked): string => arnOf(asked, `archive/${asked.input.ArchiveName}`);
const replayArn = (asked: Asked): string => arnOf(asked, `replay/${asked.input.ReplayName}`);
const taggedArn = ({ input }: Asked): string => String(input.ResourceARN);
const rule = (asked: Asked): string =>
  ruleArn(stateOf(asked), busName(asked.input.EventBusName), asked.input.Name ?? asked.input.Rule);

const keyError = ({ kind, message }: KeyProblem): ServiceError =>
  kind === 'denied'
    ? new ServiceError('AccessDeniedException', message)
    : new ServiceError('ValidationException', `KMS key is not usable: ${message}`);

/** "Key permissions for event bus actions": what somebody must have on the key who gives it to a bus. */
const choosing = [
  ...['GenerateDataKeyWithoutPlaintext', 'Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo', 'DescribeKey'],
];

/** Somebody gives a key to a bus or an archive: they must be able to use it, and EventBridge to look at it. */
function choosingKey(key: string | undefined, bus: string, asked: Asked): readonly Requirement[] {
  if (!key) return [];
  const bound = { 'aws:events:event-bus:arn': bus };
  const as = { kind: 'service', account: asked.account, service: 'events.amazonaws.com' } as const;
  return [
    ...keyNeeds({ key, operations: choosing, via: 'events', bound, refuse: keyError }, asked),
    ...keyNeeds({ key, operations: ['DescribeKey'], as, refuse: keyError }, asked),
  ];
}

/** Rules and targets are encrypted too: whoever reads or changes them must be able to decrypt. */
function readingRules(asked: Asked): readonly Requirement[] {
  const bus = busNamed(asked.input.EventBusName, asked);
  if (!bus?.kmsKeyIdentifier) return [];
  const bound = { 'aws:events:event-bus:arn': bus.arn };
  return keyNeeds(
    { key: bus.kmsKeyIdentifier, operations: ['Decrypt'], via: 'events', bound, refuse: keyError },
    asked,
  );
}

const onRule =
  (action: string): Needs =>
  (asked) => [
    { action: `events:${action}`, resource: rule(asked) },
    ...(encrypted.has(action) ? readingRules(asked) : []),
  ];

const encrypted = new Set(['DescribeRule', 'DisableRule', 'EnableRule', 'ListTargetsByRule', 'PutRule', 'PutTargets']);

const putTargets: Needs = (asked) => {
  const targets: readonly { Arn?: string; RoleArn?: string }[] = asked.input.Targets ?? [];
  const arns = targets.map(({ Arn }) => Arn).filter((arn) => arn !== undefined);
  const roles = targets.map(({ RoleArn }) => RoleArn).filter((arn) => arn !== undefined);
  return [
    { action: 'events:PutTargets', resource: rule(asked), keys: { 'events:targetarn': arns } },
    ...readingRules(asked),
    ...roles.map((role) => passRole(role, 'events.amazonaws.com')),
  ];
};

const busWithKey =
  (action: string): Needs =>
  (asked) => [
    { action: `events:${action}`, resource: busArn(asked) },
    ...choosingKey(asked.input.KmsKeyIdentifier, busArn(asked), asked),
  ];

/** An archive gives the bus as context, and no source ARN ("Encrypting archives"). */
const archiveWithKey =
  (action: string): Needs =>
  (asked) => {
    const { KmsKeyIdentifier: key, EventSourceArn, ArchiveName } = asked.input;
    const bus = EventSourceArn ?? arnOf(asked, `event-bus/${stateOf(asked).archives.get(ArchiveName)?.bus}`);
    const as = { kind: 'service', account: asked.account, service: 'events.amazonaws.com' } as const;
    const bound = { 'aws:events:event-bus:arn': bus };
    const operations = ['GenerateDataKey', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo'];
    return [
      { action: `events:${action}`, resource: archiveArn(asked) },
      ...choosingKey(key, bus, asked),
      ...(key ? keyNeeds({ key, operations, bound, as, refuse: keyError }, asked) : []),
    ];
  };

const putEvents: Needs = (asked) =>
  entryNeeds((asked.input.Entries ?? []) as PutEventsRequestEntry[], (name) => busNamed(name, asked), asked);

export const eventsAuthorisation: Authorisation = {
  needs: {
    ...needsOn('events', ['DeleteEventBus', 'DescribeEventBus', 'PutPermission', 'RemovePermission'], busArn),
    ...needsOn('events', ['DeleteArchive', 'DescribeArchive'], archiveArn),
    ...needsOn('events', ['CancelReplay', 'DescribeReplay'], replayArn),
    ...needsOn('events', ['ListTagsForResource', 'TagResource', 'UntagResource'], taggedArn),
    ...needsOn('events', ['ListArchives', 'ListEventBuses', 'ListReplays', 'TestEventPattern'], () => '*'),
    ...Object.fromEntries(
      ['DeleteRule', 'RemoveTargets', ...encrypted].map((action) => [action, onRule(action)] as const),
    ),
    CreateArchive: archiveWithKey('CreateArchive'),
    CreateEventBus: busWithKey('CreateEventBus'),
    ListRuleNamesByTarget: (asked) => [
      { action: 'events:ListRuleNamesByTarget', resource: '*' },
      ...readingRules(asked),
    ],
    ListRules: (asked) => [{ action: 'events:ListRules', resource: '*' }, ...readingRules(asked)],
    PutEvents: putEvents,
    PutTargets: putTargets,
    StartReplay: (asked) => [
      { action: 'events:StartReplay', resource: replayArn(asked) },
      { action: 'events:StartReplay', resource: String(asked.input.EventSourceArn) },
    ],
    UpdateArchive: archiveWithKey('UpdateArchive'),
    UpdateEventBus: busWithKey('UpdateEventBus'),
  },
  refuse: (message) => new ServiceError('AccessDeniedException', message),
};
