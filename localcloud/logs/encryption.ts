/** The key of a log group. */
import type { AssociateKmsKeyRequest, DisassociateKmsKeyRequest } from '@aws-sdk/client-cloudwatch-logs';
import { type Action, type Context, isServiceError, refuseUnknown } from '../service.ts';
import { groupNamed, invalid, type Logs } from './state.ts';

export const associateKmsKey: Action<Logs, AssociateKmsKeyRequest, object> = (input, state, context) => {
  refuseUnknown('logs:AssociateKmsKey', input, ['logGroupName', 'kmsKeyId']);
  const group = groupNamed(state, input.logGroupName);
  group.kmsKeyId = checkKey(input.kmsKeyId ?? '', group.arn, context);
  return {};
};

export const disassociateKmsKey: Action<Logs, DisassociateKmsKeyRequest, object> = (input, state) => {
  refuseUnknown('logs:DisassociateKmsKey', input, ['logGroupName']);
  groupNamed(state, input.logGroupName).kmsKeyId = undefined;
  return {};
};

/**
 * The key must exist, be enabled, and let CloudWatch Logs of this region use it for this group: its policy is asked by
 * using it, with the encryption context that AWS uses (CloudWatch Logs User Guide, "Encrypt log data using KMS").
 * @throws ServiceError `InvalidParameterException`
 */
export function checkKey(kmsKeyId: string, group: string, context: Context): string {
  const service = `logs.${context.region}.amazonaws.com`;
  try {
    context.call({
      service: 'kms',
      action: 'GenerateDataKeyWithoutPlaintext',
      input: { KeyId: kmsKeyId, KeySpec: 'AES_256', EncryptionContext: { 'aws:logs:arn': group } },
      as: { kind: 'service', account: context.account, service, sourceArn: group },
    });
    return kmsKeyId;
  } catch (error) {
    if (!isServiceError(error) || error.code === 'NotImplemented') throw error;
    throw invalid(
      `The specified KMS key does not exist or is not allowed to be used with LogGroup '${group}' (${error.code})`,
    );
  }
}
