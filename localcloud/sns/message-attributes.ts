/** Attributes of a message: what is allowed (SNS developer guide, "Amazon SNS message attributes"), and what they weigh. */
import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { ServiceError } from '../service.ts';

type Attributes = Readonly<Record<string, MessageAttributeValue>>;

/** @throws ServiceError `InvalidParameterValueException`, which the query protocol calls `ParameterValueInvalid` */
export function checkMessageAttributes(attributes: Attributes | undefined): void {
  for (const [name, { DataType: type, StringValue: text, BinaryValue: bytes }] of Object.entries(attributes ?? {})) {
    if (!/^(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/.test(name) || /^(aws|amazon)\./i.test(name)) {
      refuse(
        `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.`,
      );
    }
    const kind = type?.split('.')[0] ?? '';
    if (!['String', 'Number', 'Binary'].includes(kind)) {
      refuse(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    if (kind === 'Binary' ? !bytes?.length : !text) {
      refuse(
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
      );
    }
    if (kind === 'Number' && Number.isNaN(Number(text))) {
      refuse(`Could not cast message attribute '${name}' value to number.`);
    }
  }
}

/** Bytes that count towards the size of the message: names, types and values. */
export const sizeOf = (attributes: Attributes | undefined): number =>
  Object.entries(attributes ?? {}).reduce(
    (size, [name, { DataType = '', StringValue = '', BinaryValue }]) =>
      size + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    0,
  );

function refuse(message: string): never {
  throw new ServiceError('InvalidParameterValueException', message);
}
