import type { GetCallerIdentityRequest, GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import { identifier } from '../iam/identifiers.ts';
import { type Action, refuseUnknown } from '../service.ts';
import type { Sessions } from './state.ts';

/** GetCallerIdentity: needs no permission on AWS, whatever a policy says. */
export const getCallerIdentity: Action<Sessions, GetCallerIdentityRequest, GetCallerIdentityResponse> = (
  input,
  _state,
  { principal },
) => {
  refuseUnknown('sts:GetCallerIdentity', input, []);
  const Account = principal.account;
  if (principal.kind === 'service') return { Account, Arn: principal.service, UserId: principal.service };
  const UserId =
    principal.kind === 'role'
      ? `${identifier('AROA', principal.role)}:${principal.session}`
      : identifier('AIDA', principal.arn);
  return { Account, Arn: principal.arn, UserId };
};
