/** The comparisons of conditions (IAM User Guide, "IAM JSON policy elements: Condition operators"). */
import { addressOf } from '../events/pattern/addresses.ts';
import { type TextTest, textTest } from './texts.ts';

export interface Operator {
  /** A negated operator holds where its opposite does not, so also where the request has no such key. */
  readonly negated: boolean;
  /** Prepares one value of the policy for comparison with values of the request. */
  readonly prepare: (value: string, variables: boolean) => TextTest;
}

const positive = (prepare: Operator['prepare']): Operator => ({ negated: false, prepare });
const negative = (prepare: Operator['prepare']): Operator => ({ negated: true, prepare });

const equals: Operator['prepare'] = (value, variables) => textTest(value, { variables });
const equalsIgnoreCase: Operator['prepare'] = (value, variables) => textTest(value, { variables, ignoreCase: true });
const like: Operator['prepare'] = (value, variables) => textTest(value, { variables, wildcards: true });
const arnLike: Operator['prepare'] = (value, variables) => textTest(value, { variables, wildcards: true, arn: true });

const numbers =
  (compare: (given: number, value: number) => boolean): Operator['prepare'] =>
  (value) => {
    const number = Number(value);
    return (given) => given !== '' && compare(Number(given), number);
  };

/** ISO 8601, or seconds since 1970. */
const time = (text: string): number => (/^\d+$/.test(text) ? 1000 * Number(text) : Date.parse(text));

const dates =
  (compare: (given: number, value: number) => boolean): Operator['prepare'] =>
  (value) => {
    const moment = time(value);
    return (given) => compare(time(given), moment);
  };

const bool: Operator['prepare'] = (value) => {
  const wanted = value.toLowerCase();
  return (given) => given.toLowerCase() === wanted;
};

const inBlock: Operator['prepare'] = (value) => {
  const [base = '', length] = value.split('/');
  const block = addressOf(base);
  return (given) => {
    const address = addressOf(given);
    if (address === undefined || block === undefined || address.bits !== block.bits) return false;
    const host = BigInt(block.bits - Number(length ?? block.bits));
    return address.number >> host === block.number >> host;
  };
};

export const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    StringEquals: positive(equals),
    StringNotEquals: negative(equals),
    StringEqualsIgnoreCase: positive(equalsIgnoreCase),
    StringNotEqualsIgnoreCase: negative(equalsIgnoreCase),
    StringLike: positive(like),
    StringNotLike: negative(like),
    ArnEquals: positive(arnLike),
    ArnLike: positive(arnLike),
    ArnNotEquals: negative(arnLike),
    ArnNotLike: negative(arnLike),
    BinaryEquals: positive((value) => (given) => given === value),
    Bool: positive(bool),
    NumericEquals: positive(numbers((given, value) => given === value)),
    NumericNotEquals: negative(numbers((given, value) => given === value)),
    NumericLessThan: positive(numbers((given, value) => given < value)),
    NumericLessThanEquals: positive(numbers((given, value) => given <= value)),
    NumericGreaterThan: positive(numbers((given, value) => given > value)),
    NumericGreaterThanEquals: positive(numbers((given, value) => given >= value)),
    DateEquals: positive(dates((given, value) => given === value)),
    DateNotEquals: negative(dates((given, value) => given === value)),
    DateLessThan: positive(dates((given, value) => given < value)),
    DateLessThanEquals: positive(dates((given, value) => given <= value)),
    DateGreaterThan: positive(dates((given, value) => given > value)),
    DateGreaterThanEquals: positive(dates((given, value) => given >= value)),
    IpAddress: positive(inBlock),
    NotIpAddress: negative(inBlock),
  }),
);
