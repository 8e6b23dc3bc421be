import type {
  GenerateDataKeyRequest,
  GenerateDataKeyResponse,
  GenerateDataKeyWithoutPlaintextRequest,
  GenerateDataKeyWithoutPlaintextResponse,
} from '@aws-sdk/client-kms';
import { type Action, refuseUnknown } from '../service.ts';
import { refuseDryRun, seal } from './envelope.ts';
import { usableKey } from './resolve.ts';
import { invalid, type Keys } from './state.ts';

const MEMBERS = ['KeyId', 'EncryptionContext', 'NumberOfBytes', 'KeySpec', 'DryRun'];

/** GenerateDataKey: the data key in the clear, to use and forget, and encrypted, to keep. */
export const generateDataKey: Action<Keys, GenerateDataKeyRequest, GenerateDataKeyResponse> = (
  input,
  state,
  context,
) => {
  refuseUnknown('kms:GenerateDataKey', input, MEMBERS);
  const length = lengthOf(input);
  const key = usableKey(state, input.KeyId, context.now);
  refuseDryRun(input);
  const plaintext = new Uint8Array(Buffer.from(context.dice.hex(2 * length, 'kms', 'data-key', key.id), 'hex'));
  return {
    CiphertextBlob: seal(key, plaintext, input.EncryptionContext ?? {}, context),
    Plaintext: plaintext,
    KeyId: key.arn,
  };
};

export const generateDataKeyWithoutPlaintext: Action<
  Keys,
  GenerateDataKeyWithoutPlaintextRequest,
  GenerateDataKeyWithoutPlaintextResponse
> = (input, state, context) => {
  const { CiphertextBlob, KeyId } = generateDataKey(input, state, context) as GenerateDataKeyResponse;
  return { CiphertextBlob, KeyId };
};

/** Either a spec or a number of bytes, 1 to 1,024. */
function lengthOf({ KeySpec: spec, NumberOfBytes: length }: GenerateDataKeyRequest): number {
  if ((spec === undefined) === (length === undefined)) {
    throw invalid('Please specify either number of bytes or key spec.');
  }
  if (spec === 'AES_256') return 32;
  if (spec === 'AES_128') return 16;
  if (length !== undefined && Number.isInteger(length) && length >= 1 && length <= 1024) return length;
  throw invalid(
    `1 validation error detected: Value '${spec ?? length}' must be AES_256, AES_128, or from 1 to 1024 bytes`,
  );
}
