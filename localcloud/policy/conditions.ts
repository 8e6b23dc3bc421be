/** The conditions of a statement: all of them must hold. */
import type { Statement } from '../iam/documents.ts';
import { ServiceError } from '../service.ts';
import { type Lookup, listed } from './lookup.ts';
import { type Operator, operators } from './operators.ts';
import type { TextTest } from './texts.ts';

export interface Test {
  /** As the policy writes them. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  readonly holds: (keys: Lookup) => boolean;
}

/**
 * Prepares a `Condition` block.
 * @throws ServiceError `NotImplemented`, 501, for an operator that does not exist
 */
export const testsOf = (block: Statement['Condition'] = {}, variables: boolean): readonly Test[] =>
  Object.entries(block).flatMap(([operator, byKey]) =>
    Object.entries(byKey).map(([key, value]) =>
      testOf({ operator, key, values: [value].flat().map(String), variables }),
    ),
  );

interface Written {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  readonly variables: boolean;
}

function testOf({ operator: written, key, values, variables }: Written): Test {
  const name = key.toLowerCase();
  const [, quantifier, comparison = ''] = /^(?:(ForAllValues|ForAnyValue):)?(.*)$/.exec(written)!;
  const test = (holds: Test['holds']): Test => ({ operator: written, key, values, holds });
  if (comparison === 'Null') {
    return test((keys) => values.some((value) => (value.toLowerCase() === 'true') === isNull(keys, name)));
  }
  const operator = operators.get(comparison.replace(/IfExists$/, ''));
  if (operator === undefined) {
    throw new ServiceError('NotImplemented', `policies: there is no condition operator ${written}`, { status: 501 });
  }
  const tests = values.map((value) => operator.prepare(value, variables));
  return test(holder(quantifier, { operator, tests, name, ifExists: comparison.endsWith('IfExists') }));
}

/** "Resolves to a null data set, such as an empty string" (IAM User Guide, "Multivalued context keys"). */
const isNull = (keys: Lookup, name: string): boolean => listed(keys(name)).every((value) => value === '');

interface Prepared {
  readonly operator: Operator;
  readonly tests: readonly TextTest[];
  readonly name: string;
  readonly ifExists: boolean;
}

function holder(quantifier: string | undefined, { operator, tests, name, ifExists }: Prepared): Test['holds'] {
  const { negated } = operator;
  const agrees = (value: string, keys: Lookup) => tests.some((test) => test(value, keys)) !== negated;
  switch (quantifier) {
    case 'ForAllValues':
      // Also where there is nothing to compare: hence `Null` beside it in every policy that allows.
      return (keys) => isNull(keys, name) || listed(keys(name)).every((value) => agrees(value, keys));
    case 'ForAnyValue':
      return (keys) => {
        const given = keys(name);
        return given === undefined ? ifExists : listed(given).some((value) => agrees(value, keys));
      };
    default:
      return (keys) => {
        const given = keys(name);
        if (given === undefined) return ifExists || negated;
        const values = listed(given);
        // A list of several wants a quantifier. Without one AWS promises nothing; here equality does not hold of it.
        return negated ? values.every((value) => agrees(value, keys)) : values.length === 1 && agrees(values[0]!, keys);
      };
  }
}
