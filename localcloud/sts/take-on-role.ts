import { type Action, type Context, type Principal, ServiceError } from '../service.ts';
import { sessionPrincipal } from './credentials.ts';
import type { Sessions } from './state.ts';

export interface TakeOnRoleRequest {
  /** Name or ARN. */
  readonly role: string;
  readonly session: string;
}

/** The cloud's own action, not one of AWS: a service takes on a role to act within the cloud, where no keys are needed. */
export const takeOnRole: Action<Sessions, TakeOnRoleRequest, { principal: Principal }> = (input, _state, context) => {
  if (context.principal.kind !== 'service') {
    throw new ServiceError('AccessDenied', 'TakeOnRole is for the services of the cloud; use AssumeRole', {
      status: 403,
    });
  }
  return { principal: sessionPrincipal(context.account, input.role, input.session) };
};

/**
 * The principal as whom a service acts under a role.
 * @throws ServiceError `AccessDenied` when the role's trust policy does not let the service in
 */
export const asRole = (context: Context, request: TakeOnRoleRequest, as: Principal): Principal =>
  context.call<{ principal: Principal }>({ service: 'sts', action: 'TakeOnRole', input: request, as }).principal;
