/** Key policies. Whether a policy would lock its author out is not judged here. */
import type { GetKeyPolicyRequest, GetKeyPolicyResponse, PutKeyPolicyRequest } from '@aws-sdk/client-kms';
import { parseDocument } from '../iam/documents.ts';
import { type Action, isServiceError, refuseUnknown, ServiceError } from '../service.ts';
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

/** @throws ServiceError `MalformedPolicyDocumentException` */
export function checkPolicy(text: string): string {
  if (text.length > 32_768)
    throw new ServiceError('LimitExceededException', 'The key policy is longer than 32768 bytes');
  try {
    return parseDocument(text, 'resource').text;
  } catch (error) {
    if (!isServiceError(error)) throw error;
    throw new ServiceError('MalformedPolicyDocumentException', error.message);
  }
}

export const putKeyPolicy: Action<Keys, PutKeyPolicyRequest, object> = (input, state, context) => {
  refuseUnknown('kms:PutKeyPolicy', input, ['KeyId', 'PolicyName', 'Policy', 'BypassPolicyLockoutSafetyCheck']);
  onlyDefault(input.PolicyName);
  keyById(state, input.KeyId, context.now).policy = checkPolicy(input.Policy ?? '');
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
