/** AddPermission and RemovePermission: statements of the queue's policy, by their label. */
import type { AddPermissionRequest, RemovePermissionRequest } from '@aws-sdk/client-sqs';
import { type Action, refuseUnknown } from '../service.ts';
import { invalidValue, missingParameter, overLimit } from './errors.ts';
import { checkPolicyQuota } from './policy-quota.ts';
import { useQueue } from './queue.ts';
import type { Queue, Queues } from './state.ts';

/** What an owner can allow others (SQS API reference, AddPermission). */
const GRANTABLE = [
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
];
/** Of one statement (Amazon SQS policy quotas). */
const MOST_ACTIONS = 7;

interface Policy {
  readonly Version: string;
  readonly Id?: string;
  readonly Statement: readonly { readonly Sid?: string }[];
}

export const addPermission: Action<Queues, AddPermissionRequest, object> = (input, state, context) => {
  refuseUnknown('AddPermission', input, ['QueueUrl', 'Label', 'AWSAccountIds', 'Actions']);
  const queue = useQueue(input.QueueUrl, state, context);
  const { Label: label, AWSAccountIds: accounts = [], Actions: actions = [] } = input;
  if (!label) throw missingParameter('Label');
  if (!/^[\w-]{1,80}$/.test(label)) {
    const reason = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.';
    throw invalidValue(label, 'Label', reason);
  }
  checkGrant(accounts, actions);
  const policy = policyOf(queue) ?? { Version: '2008-10-17', Id: `${queue.arn}/SQSDefaultPolicy`, Statement: [] };
  if (policy.Statement.some(({ Sid }) => Sid === label)) throw invalidValue(label, 'Label', 'Already exists.');
  const statement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: oneOrAll(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
    Action: oneOrAll(actions.map((action) => `SQS:${action}`)),
    Resource: queue.arn,
  };
  setStatements(queue, { ...policy, Statement: [...policy.Statement, statement] });
  queue.modified = context.now;
  return {};
};

export const removePermission: Action<Queues, RemovePermissionRequest, object> = (input, state, context) => {
  refuseUnknown('RemovePermission', input, ['QueueUrl', 'Label']);
  const queue = useQueue(input.QueueUrl, state, context);
  if (!input.Label) throw missingParameter('Label');
  const policy = policyOf(queue);
  const rest = policy?.Statement.filter(({ Sid }) => Sid !== input.Label);
  if (policy === undefined || rest?.length === policy.Statement.length) {
    throw invalidValue(input.Label, 'Label', "can't find label.");
  }
  setStatements(queue, { ...policy, Statement: rest! });
  queue.modified = context.now;
  return {};
};

function checkGrant(accounts: readonly string[], actions: readonly string[]): void {
  if (actions.length === 0) throw missingParameter('Actions');
  if (accounts.length === 0 || accounts.some((account) => !/^\d{12}$/.test(account))) {
    throw invalidValue(`[${accounts.join(', ')}]`, 'PrincipalId', 'Unable to verify.');
  }
  if (actions.length > MOST_ACTIONS) {
    throw overLimit(`${actions.length} Actions were found, maximum allowed is ${MOST_ACTIONS}.`);
  }
  const owners = actions.find((action) => !GRANTABLE.includes(action));
  if (owners !== undefined) {
    const reason = 'Only the queue owner is allowed to invoke this action.';
    throw invalidValue(`SQS:${owners}`, 'ActionName', reason);
  }
}

/** AWS was recorded to write a list of one as the one. */
const oneOrAll = (items: readonly string[]) => (items.length === 1 ? items[0]! : items);

function policyOf(queue: Queue): Policy | undefined {
  const text = queue.attributes.get('Policy');
  if (text === undefined) return undefined;
  const policy = JSON.parse(text);
  return { ...policy, Statement: [policy.Statement ?? []].flat() };
}

/** The last statement takes the policy along, as recorded. */
function setStatements(queue: Queue, policy: Policy): void {
  if (policy.Statement.length === 0) {
    queue.attributes.delete('Policy');
    return;
  }
  const text = JSON.stringify(policy);
  checkPolicyQuota(text);
  queue.attributes.set('Policy', text);
}
