import type {
  GetParameterRequest,
  GetParameterResult,
  GetParametersRequest,
  GetParametersResult,
  Parameter as Said,
} from '@aws-sdk/client-ssm';
import { type Action, isServiceError, refuseUnknown } from '../service.ts';
import { readable } from './names.ts';
import { invalid, type Parameter, type Parameters, type Version } from './state.ts';

/** GetParameter. `WithDecryption` is for SecureStrings, of which there are none. */
export const getParameter: Action<Parameters, GetParameterRequest, GetParameterResult> = (input, state) => {
  refuseUnknown('ssm:GetParameter', input, ['Name', 'WithDecryption']);
  return { Parameter: said(state, input.Name ?? '') };
};

/** GetParameters: up to ten; those that are not there are named. */
export const getParameters: Action<Parameters, GetParametersRequest, GetParametersResult> = (input, state) => {
  refuseUnknown('ssm:GetParameters', input, ['Names', 'WithDecryption']);
  const names = input.Names ?? [];
  if (names.length === 0 || names.length > 10) {
    throw invalid(
      `1 validation error detected: Value '[${names.join(', ')}]' at 'names' failed to satisfy constraint: Member must have length ${names.length === 0 ? 'greater than or equal to 1' : 'less than or equal to 10'}`,
    );
  }
  if (new Set(names).size < names.length) throw invalid('Names must be unique: one of them is given twice.');
  const found: Said[] = [];
  const missing: string[] = [];
  for (const name of names) {
    try {
      found.push(said(state, name));
    } catch (error) {
      if (!isServiceError(error)) throw error;
      missing.push(name);
    }
  }
  return { Parameters: found, InvalidParameters: missing };
};

function said(state: Parameters, given: string): Said {
  const { parameter, version } = readable(state, given);
  return inWords(parameter, version);
}

export const inWords = ({ name, arn, type }: Parameter, { version, value, modifiedAt }: Version): Said => ({
  Name: name,
  Type: type as NonNullable<Said['Type']>,
  Value: value,
  Version: version,
  LastModifiedDate: new Date(modifiedAt),
  ARN: arn,
  DataType: 'text',
});
