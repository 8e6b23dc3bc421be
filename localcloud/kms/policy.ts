/** Key policies, and that nobody locks himself out by one. */
import type { GetKeyPolicyRequest, GetKeyPolicyResponse, PutKeyPolicyRequest } from '@aws-sdk/client-kms';
import { type PolicyDocument, parseDocument, type StoredDocument } from '../iam/documents.ts';
import { type Action, type Context, isServiceError, refuseUnknown, ServiceError } from '../service.ts';
import { keyById } from './resolve.ts';
import { type Keys, notFound } from './state.ts';

/** What a key gets that is created without a policy: the account, and through it IAM, may do everything (KMS Developer Guide, "Default key policy"). */
export const defaultPolicy = (account: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });

interface Author {
  readonly context: Context;
  /** `BypassPolicyLockoutSafetyCheck`. */
  readonly isLockoutFine: boolean | undefined;
}

/** @throws ServiceError `MalformedPolicyDocumentException` */
export function checkPolicy(text: string, author: Author): string {
  if (text.length > 32_768)
    throw new ServiceError('LimitExceededException', 'The key policy is longer than 32768 bytes');
  const { parsed } = read(text);
  if (author.isLockoutFine || mayChange(parsed, author.context)) return text;
  throw new ServiceError(
    'MalformedPolicyDocumentException',
    'The new key policy will not allow you to update the key policy in the future.',
  );
}

function read(text: string): StoredDocument {
  try {
    return parseDocument(text, 'resource');
  } catch (error) {
    if (!isServiceError(error)) throw error;
    throw new ServiceError('MalformedPolicyDocumentException', error.message);
  }
}

/**
 * Whether a statement allows the caller, or the account, to put another policy. Conditions and denials are not looked at.
 * CloudFormation acts for somebody of the account.
 */
function mayChange({ Statement: statements }: PolicyDocument, { account, principal }: Context): boolean {
  const own = principal.kind === 'service' ? '' : principal.arn;
  const isRole = (name: string) =>
    principal.kind === 'role' &&
    name.startsWith(`arn:aws:iam::${account}:role/`) &&
    name.endsWith(`/${principal.role}`);
  const means = (name: string) => ['*', account, `arn:aws:iam::${account}:root`, own].includes(name) || isRole(name);
  return [statements].flat().some(({ Effect, Principal, Action, NotAction }) => {
    if (Effect !== 'Allow' || Principal === undefined) return false;
    const covers = [Action ?? NotAction ?? []].flat().some(coversPut);
    const named = Principal === '*' ? ['*'] : [Principal.AWS ?? []].flat();
    const isOurs = principal.kind === 'service' ? named.length > 0 : named.some(means);
    return covers === (NotAction === undefined) && isOurs;
  });
}

const coversPut = (pattern: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test('kms:PutKeyPolicy');

export const putKeyPolicy: Action<Keys, PutKeyPolicyRequest, object> = (input, state, context) => {
  refuseUnknown('kms:PutKeyPolicy', input, ['KeyId', 'PolicyName', 'Policy', 'BypassPolicyLockoutSafetyCheck']);
  onlyDefault(input.PolicyName);
  keyById(state, input.KeyId, context.now).policy = checkPolicy(input.Policy ?? '', {
    context,
    isLockoutFine: input.BypassPolicyLockoutSafetyCheck,
  });
  return {};
};

export const getKeyPolicy: Action<Keys, GetKeyPolicyRequest, GetKeyPolicyResponse> = (input, state, context) => {
  refuseUnknown('kms:GetKeyPolicy', input, ['KeyId', 'PolicyName']);
  onlyDefault(input.PolicyName);
  return { Policy: keyById(state, input.KeyId, context.now).policy, PolicyName: 'default' };
};

/** The only name a key policy can have. */
function onlyDefault(name = 'default'): void {
  if (name !== 'default') throw notFound(`No such policy exists: ${name}`);
}
