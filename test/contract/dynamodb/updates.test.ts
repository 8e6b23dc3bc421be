import { type AttributeValue, type ReturnValue, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, dynalite, get, givenTable, guide, N, put, recorded, S } from './given.ts';

const page = guide('Expressions.UpdateExpressions');
const key = { id: S('a') };
type Values = Record<string, AttributeValue>;

interface Update {
  readonly values?: Values;
  readonly names?: Record<string, string>;
  readonly returns?: ReturnValue;
}

const update = ({ dynamodb }: Aws, TableName: string, UpdateExpression: string, more: Update = {}) =>
  dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: key,
      UpdateExpression,
      ...(more.values ? { ExpressionAttributeValues: more.values } : {}),
      ...(more.names ? { ExpressionAttributeNames: more.names } : {}),
      ...(more.returns ? { ReturnValues: more.returns } : {}),
    }),
  );

/** What an update makes of an item. */
async function made(aws: Aws, item: Values, expression: string, more: Update = {}): Promise<Values> {
  const TableName = await givenTable(aws);
  await put(aws, TableName, { ...key, ...item });
  await update(aws, TableName, expression, more);
  const { id, ...rest } = (await get(aws, TableName, key))!;
  return rest;
}

behaviour(
  'an update of an item that is not there makes it',
  { source: api('UpdateItem'), covers: ['dynamodb:UpdateItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await update(aws, TableName, 'SET n = :n', { values: { ':n': N(1) } });
    expect(await get(aws, TableName, key)).toEqual({ ...key, n: N(1) });
  },
);

behaviour(
  'SET reads every operand as it was before the update',
  { source: page, covers: ['dynamodb:UpdateItem'] },
  async (aws) =>
    expect(
      await made(aws, { a: N(1), b: N(10), journal: { L: [S('x')] } }, SWAP, {
        values: { ':one': N(1), ':more': { L: [S('y')] } },
      }),
    ).toEqual({ a: N(10), b: N(0), kept: N(1), journal: { L: [S('x'), S('y')] } }),
);
const SWAP = 'SET a = b, b = a - :one, kept = if_not_exists(a, b), journal = list_append(journal, :more)';

behaviour(
  'SET reaches into documents, and an index beyond the end appends',
  { source: recorded('tier1/updateItem/paths'), covers: ['dynamodb:UpdateItem'] },
  async (aws) =>
    expect(
      await made(aws, { doc: { M: { x: N(1) } }, elements: { L: [S('a')] } }, 'SET doc.#y = :v, elements[9] = :v', {
        values: { ':v': S('v') },
        names: { '#y': 'y' },
      }),
    ).toEqual({ doc: { M: { x: N(1), y: S('v') } }, elements: { L: [S('a'), S('v')] } }),
);

behaviour(
  'REMOVE takes attributes and elements, and what is not there without complaint',
  { source: page, covers: ['dynamodb:UpdateItem'] },
  async (aws) =>
    expect(
      await made(
        aws,
        { n: N(1), elements: { L: [S('a'), S('b'), S('c')] } },
        'REMOVE n, elements[0], elements[2], absent',
      ),
    ).toEqual({ elements: { L: [S('b')] } }),
);

behaviour(
  'ADD adds to numbers and sets, and makes them where there are none',
  { source: page, covers: ['dynamodb:UpdateItem'] },
  async (aws) =>
    expect(
      await made(aws, { n: N(1), tags: { SS: ['a'] } }, 'ADD n :n, tags :tags, fresh :n', {
        values: { ':n': N('0.5'), ':tags': { SS: ['a', 'b'] } },
      }),
    ).toEqual({ n: N('1.5'), tags: { SS: ['a', 'b'] }, fresh: N('0.5') }),
);

behaviour(
  'DELETE takes members out of a set, and the set with the last of them',
  { source: page, covers: ['dynamodb:UpdateItem'] },
  async (aws) =>
    expect(
      await made(aws, { part: { SS: ['a', 'b'] }, whole: { SS: ['a'] } }, 'DELETE part :a, whole :a, absent :a', {
        values: { ':a': { SS: ['a'] } },
      }),
    ).toEqual({ part: { SS: ['b'] } }),
);

behaviour(
  'numbers are added exactly, beyond what a double holds',
  { source: guide('HowItWorks.NamingRulesDataTypes'), covers: ['dynamodb:UpdateItem'] },
  async (aws) =>
    expect(
      await made(aws, { n: N('12345678901234567890.1') }, 'SET n = n + :n', { values: { ':n': N('0.2') } }),
    ).toEqual({ n: N('12345678901234567890.3') }),
);

behaviour(
  'an update gives back the item or what it touched, before or after',
  { source: api('UpdateItem'), covers: ['dynamodb:UpdateItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, { ...key, n: N(0), other: S('x'), doc: { M: { x: N(1), y: N(2) } } });
    const returned = async (returns: ReturnValue) =>
      (await update(aws, TableName, 'SET n = n + :one, doc.x = :one', { values: { ':one': N(1) }, returns }))
        .Attributes;
    const doc = { M: { x: N(1), y: N(2) } };
    expect(await returned('ALL_OLD')).toEqual({ ...key, n: N(0), other: S('x'), doc });
    expect(await returned('ALL_NEW')).toEqual({ ...key, n: N(2), other: S('x'), doc });
    expect(await returned('UPDATED_OLD')).toEqual({ n: N(2), doc: { M: { x: N(1) } } });
    expect(await returned('UPDATED_NEW')).toEqual({ n: N(4), doc: { M: { x: N(1) } } });
    expect(await returned('NONE')).toBeUndefined();
  },
);

const wrong: readonly (readonly [string, Update, string])[] = [
  ['INVALID SYNTAX HERE', {}, 'Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"'],
  ['', {}, 'Invalid UpdateExpression: The expression can not be empty;'],
  [
    'SET id = :v',
    { values: { ':v': S('b') } },
    'One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key',
  ],
  [
    'SET n = :v SET words = :v',
    { values: { ':v': S('b') } },
    'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
  ],
  [
    'SET n = :v, n = :v',
    { values: { ':v': S('b') } },
    'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [n], path two: [n]',
  ],
  [
    'ADD n :v',
    { values: { ':v': S('b') } },
    'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING',
  ],
  ['SET n = absent', {}, 'The provided expression refers to an attribute that does not exist in the item'],
  ['SET n = words + :v', { values: { ':v': N(1) } }, 'An operand in the update expression has an incorrect data type'],
  [
    'SET absent.deep = :v',
    { values: { ':v': N(1) } },
    'The document path provided in the update expression is invalid for update',
  ],
];

behaviour(
  'an update that cannot be carried out is refused',
  { source: dynalite('updateItem'), covers: ['dynamodb:UpdateItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, { ...key, n: N(1), words: S('x') });
    for (const [expression, more, message] of wrong)
      await refused(update(aws, TableName, expression, more), 'ValidationException', ending(message));
    expect(await get(aws, TableName, key)).toEqual({ ...key, n: N(1), words: S('x') });
  },
);

/** AWS is putting "1 validation error detected: " before some of these, region by region. */
function ending(message: string): RegExp {
  return new RegExp(`^(1 validation error detected: )?${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}
