/** Turns the model's permissions into IAM statements. Nothing here decides; it only says where a target is. */
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { names } from '../model/names.ts';
import type { Permission, Target } from '../model/permissions.ts';
import { arns } from './arns.ts';
import type { Place } from './place.ts';

interface Held {
  readonly place: Place;
  readonly keyArn: string;
}

export const statementsOf = (permissions: readonly Permission[], held: Held): PolicyStatement[] =>
  permissions.map(
    (permission) =>
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [...permission.actions],
        resources: [arnOf(permission.on, held)],
        conditions: conditionsOf(permission, held.place),
      }),
  );

function arnOf(target: Target, { place, keyArn }: Held): string {
  const d = place.deployment;
  switch (target.kind) {
    case 'queue':
      return arns.queue(place, names.queue(d, target.stage));
    case 'dead-letters':
      return arns.queue(place, names.deadLetters(d, target.stage));
    case 'inbox':
      return arns.queue(place, names.inbox(d, target.stage));
    case 'quarantine':
      return arns.queue(place, names.quarantine(d));
    case 'bus':
      return arns.bus(place);
    case 'records':
      return arns.table(place, names.records(d));
    case 'authority':
      return arns.table(place, names.authority(d));
    case 'table':
      return arns.table(place, names.table(d, target.table));
    case 'sandbox':
      return arns.table(place, names.sandbox(d, target.system));
    case 'settings':
      return arns.settings(place, names.settings(d, target.stage));
    case 'log-streams':
      return arns.logStreams(place, names.logGroup(d, target.who));
    case 'function':
      return arns.function(place, names.function(d, target.who));
    case 'versions':
      return arns.versions(place, names.function(d, target.who));
    case 'alarms':
      // DescribeAlarms can be asked about several, and is judged by all of them.
      return arns.alarm(place, '*');
    case 'deployments':
      return arns.deploymentGroups(place);
    case 'key':
      return keyArn;
  }
}

type Conditions = Record<string, Record<string, unknown>>;

// The keys are multi-valued, hence ForAllValues; which holds of an absent key as well, hence Null.
function conditionsOf({ on, only, keys }: Permission, { region }: Place): Conditions {
  if (on.kind === 'key') return { StringEquals: { 'kms:ViaService': `${on.via}.${region}.amazonaws.com` } };
  if (only !== undefined) {
    return {
      'ForAllValues:StringEquals': { 'events:detail-type': [...only.types], 'events:source': [only.source] },
      Null: { 'events:detail-type': 'false', 'events:source': 'false' },
    };
  }
  if (keys !== undefined) {
    return {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${keys}*`] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    };
  }
  return {};
}

/** A function's environment is decrypted in its role's name, and only that environment. */
export const decryptEnvironment = ({ place, keyArn }: Held, functionName: string): PolicyStatement =>
  new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [keyArn],
    conditions: {
      StringEquals: { 'kms:EncryptionContext:aws:lambda:FunctionArn': arns.function(place, functionName) },
    },
  });

/** A service acts for this one resource of this account, and for nobody else's. */
export const onlyFor = ({ config }: Place, sourceArn: string | readonly string[]): Conditions => ({
  StringEquals: { 'aws:SourceAccount': config.account },
  ArnLike: { 'aws:SourceArn': sourceArn },
});
