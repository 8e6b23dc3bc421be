/** Revision ids: a caller may say which state of a function, an alias or a policy it means to change. */
import { ServiceError } from '../service.ts';

/** @throws ServiceError `PreconditionFailedException`, 412, where the caller names another revision than the present one */
export function checkRevision(
  given: string | undefined,
  present: string | undefined,
  api: 'GetFunction/GetAlias' | 'GetPolicy' = 'GetFunction/GetAlias',
): void {
  if (given === undefined || given === present) return;
  throw new ServiceError(
    'PreconditionFailedException',
    `The Revision Id provided does not match the latest Revision Id. Call the ${api} API to retrieve the latest Revision Id`,
    { status: 412 },
  );
}
