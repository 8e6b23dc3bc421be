/** What CreateStack, UpdateStack and DeleteStack ask of a request before they begin. */
import { ServiceError } from '../service.ts';
import type { Stacks } from './state.ts';
import { invalid, type Template } from './template.ts';

/** Types that give rights, and the property by which a caller names them (API reference of CreateStack, `Capabilities`). */
const GIVES_RIGHTS: Readonly<Record<string, string | undefined>> = {
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': undefined,
  'AWS::IAM::Role': 'RoleName',
};

/** @throws ServiceError `InsufficientCapabilitiesException` where a template gives rights and the caller has not agreed to it */
export function checkCapabilities(template: Template, given: readonly string[] = []): void {
  const rights = Object.values(template.Resources).filter(({ Type }) => Type in GIVES_RIGHTS);
  const named = rights.some(({ Type, Properties }) => Properties?.[GIVES_RIGHTS[Type] ?? ''] !== undefined);
  const needed = named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
  if (rights.length === 0 || given.includes('CAPABILITY_NAMED_IAM') || given.includes(needed)) return;
  throw new ServiceError('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
}

/** The text of a template. @throws ServiceError `ValidationError` when there is none, or too much */
export function templateText(text: string | undefined): string {
  if (text === undefined || text === '') throw invalid('Either Template URL or Template Body must be specified.');
  // "Maximum size of a template body that you can pass in a request: 51,200 bytes" (CloudFormation quotas).
  if (Buffer.byteLength(text) <= 51_200) return text;
  throw invalid(
    "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200",
  );
}

export interface Operation {
  readonly token: string | undefined;
  readonly action: string;
  readonly stackName: string;
}

/**
 * Whether an operation was asked for before, under the same token: then it is not carried out again.
 * @throws ServiceError `TokenAlreadyExistsException` when the token was another operation's
 */
export function isRepeated(state: Stacks, { token, action, stackName }: Operation): boolean {
  if (token === undefined) return false;
  const what = `${action} ${stackName}`;
  const known = state.tokens.get(token);
  if (known === what) return true;
  if (known !== undefined) {
    throw new ServiceError('TokenAlreadyExistsException', `A client request token already exists: ${token}`);
  }
  state.tokens.set(token, what);
  return false;
}
