/** What a table may be called, and how requests name one. */
import { ServiceError } from '../service.ts';

/** Actions take a table's name or its ARN. */
export const nameOfTable = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

/** @throws ServiceError ValidationException */
export function checkTableName(nameOrArn: string | undefined): void {
  const wrong = (value: string, constraint: string) =>
    new ServiceError(
      'ValidationException',
      `1 validation error detected: Value ${value} at 'tableName' failed to satisfy constraint: Member must ${constraint}`,
    );
  if (nameOrArn === undefined) throw wrong('null', 'not be null');
  const name = nameOfTable(nameOrArn);
  if (name === '') throw wrong("''", 'have length greater than or equal to 1');
  if (!/^[a-zA-Z0-9_.-]+$/.test(name)) throw wrong(`'${name}'`, 'satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
  if (name.length > 255) throw wrong(`'${name}'`, 'have length less than or equal to 255');
}
