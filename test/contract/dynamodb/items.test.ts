import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { api, byIdAndTime, dynalite, get, givenTable, guide, N, put, recorded, S } from './given.ts';

behaviour(
  'an item of every type comes back as it was put',
  {
    source: guide('HowItWorks.NamingRulesDataTypes'),
    covers: ['dynamodb:PutItem', 'dynamodb:GetItem'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    const item: Record<string, AttributeValue> = {
      id: S('a'),
      empty: S(''),
      number: N('-12.5'),
      binary: { B: new Uint8Array([0, 255]) },
      yes: { BOOL: true },
      nothing: { NULL: true },
      strings: { SS: ['', 'a', 'b'] },
      numbers: { NS: ['-1', '2', '10'] },
      binaries: { BS: [new Uint8Array([1]), new Uint8Array([2])] },
      list: { L: [N(1), S('x'), { L: [] }] },
      map: { M: { deep: { M: { er: S('y') } } } },
    };
    await put(aws, TableName, item);
    expect(await get(aws, TableName, { id: S('a') })).toEqual(item);
    expect(await get(aws, TableName, { id: S('b') })).toBeUndefined();
  },
);

behaviour(
  'numbers come back in one spelling, sets in order',
  {
    source: recorded('tier3/limits/numberByteSize'),
    covers: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:GetItem'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    const numbers = { NS: ['10', '9', '-1'] };
    await put(aws, TableName, { id: S('a'), n: N('0042.1200'), big: N('1E20'), strings: { SS: ['b', 'ab'] }, numbers });
    await aws.dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: S('a') },
        UpdateExpression: 'ADD strings :more',
        ExpressionAttributeValues: { ':more': { SS: ['a'] } },
      }),
    );
    expect(await get(aws, TableName, { id: S('a') })).toEqual({
      id: S('a'),
      n: N('42.12'),
      big: N('100000000000000000000'),
      strings: { SS: ['a', 'ab', 'b'] },
      numbers: { NS: ['-1', '9', '10'] },
    });
  },
);

const values: readonly (readonly [AttributeValue, string])[] = [
  [{ SS: [] }, 'One or more parameter values were invalid: An string set  may not be empty'],
  [{ NS: [] }, 'One or more parameter values were invalid: An number set  may not be empty'],
  [{ BS: [] }, 'One or more parameter values were invalid: Binary sets should not be empty'],
  [{ SS: ['a', 'a'] }, 'One or more parameter values were invalid: Input collection'],
  [{ BS: [new Uint8Array(0), new Uint8Array(0)] }, 'of type BS contains duplicates'],
  [
    { NULL: false },
    'One or more parameter values were invalid: Null attribute value types must have the value of true',
  ],
  [N('abc'), 'The parameter cannot be converted to a numeric value'],
];

behaviour(
  'a value that is none is refused',
  { source: recorded('tier3/error-messages/putItem'), covers: ['dynamodb:PutItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    for (const [value, message] of values)
      await refused(put(aws, TableName, { id: S('a'), value }), 'ValidationException', new RegExp(message));
  },
);

behaviour(
  'a number has at most 38 digits and a magnitude from 1E-130 to 9.99E+125',
  { source: dynalite('putItem'), covers: ['dynamodb:PutItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    const of = (n: string) => put(aws, TableName, { id: S('a'), n: N(n) });
    await of('9'.repeat(38));
    await of('1E-130');
    await of('9.99E125');
    await refused(of('1'.repeat(39)), 'ValidationException', /more than 38 significant digits/);
    await refused(of('1E126'), 'ValidationException', /Number overflow/);
    await refused(of('1E-131'), 'ValidationException', /Number underflow/);
  },
);

behaviour(
  'an item needs its keys, of their types, and they are not empty',
  { source: dynalite('putItem'), covers: ['dynamodb:PutItem'] },
  async (aws) => {
    const TableName = await givenTable(aws, byIdAndTime);
    const invalid = 'One or more parameter values were invalid:';
    const of = (item: Record<string, AttributeValue>, message: string) =>
      refused(put(aws, TableName, item), 'ValidationException', message);
    await of({ id: S('a') }, `${invalid} Missing the key at in the item`);
    await of({ id: S('a'), at: S('1') }, `${invalid} Type mismatch for key at expected: N actual: S`);
    await of(
      { id: S(''), at: N(1) },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
    );
  },
);

behaviour(
  'a key names all key attributes and nothing else',
  {
    source: recorded('tier3/error-messages/deleteItem'),
    covers: ['dynamodb:GetItem', 'dynamodb:DeleteItem', 'dynamodb:UpdateItem'],
  },
  async (aws) => {
    const TableName = await givenTable(aws, byIdAndTime);
    const message = 'The provided key element does not match the schema';
    const keys: Record<string, AttributeValue>[] = [
      { id: S('a') },
      { id: S('a'), at: S('1') },
      { id: S('a'), at: N(1), more: S('x') },
    ];
    for (const Key of keys) {
      await refused(aws.dynamodb.send(new GetItemCommand({ TableName, Key })), 'ValidationException', message);
      await refused(aws.dynamodb.send(new DeleteItemCommand({ TableName, Key })), 'ValidationException', message);
      await refused(aws.dynamodb.send(new UpdateItemCommand({ TableName, Key })), 'ValidationException', message);
    }
  },
);

behaviour(
  'keys have at most 2048 and 1024 bytes',
  { source: guide('ServiceQuotas'), covers: ['dynamodb:PutItem'] },
  async (aws) => {
    const AttributeDefinitions = byIdAndTime.AttributeDefinitions.map((one) => ({ ...one, AttributeType: 'S' }));
    const TableName = await givenTable(aws, { ...byIdAndTime, AttributeDefinitions });
    const of = (id: number, at: number) => put(aws, TableName, { id: S('i'.repeat(id)), at: S('a'.repeat(at)) });
    await of(2048, 1024);
    await refused(
      of(2049, 1),
      'ValidationException',
      /Size of hashkey has exceeded the maximum size limit of\s?2048 bytes/,
    );
    await refused(
      of(1, 1025),
      'ValidationException',
      /Aggregated size of all range keys has exceeded the size limit of 1024/,
    );
  },
);

const item = (bytes: number) => ({ id: S('a'), pad: S('x'.repeat(bytes - 'id'.length - 'a'.length - 'pad'.length)) });

behaviour(
  'an item has at most 400 KB, names included',
  {
    source: recorded('tier3/limits/itemSizeBySurface'),
    covers: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, item(400 * 1024));
    await refused(
      put(aws, TableName, item(400 * 1024 + 1)),
      'ValidationException',
      /Item size has exceeded the maximum allowed size/,
    );
    const grow = new UpdateItemCommand({
      TableName,
      Key: { id: S('a') },
      UpdateExpression: 'SET more = :more',
      ExpressionAttributeValues: { ':more': S('x') },
    });
    await refused(
      aws.dynamodb.send(grow),
      'ValidationException',
      /Item size to update has exceeded the maximum allowed size/,
    );
  },
);

behaviour(
  'a document has at most 32 levels, the attribute being the first',
  { source: recorded('tier3/limits/nestingDepth'), covers: ['dynamodb:PutItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    const wrapped = (times: number): AttributeValue => (times === 0 ? S('leaf') : { M: { n: wrapped(times - 1) } });
    await put(aws, TableName, { id: S('a'), deep: wrapped(31) });
    await refused(
      put(aws, TableName, { id: S('a'), deep: wrapped(32) }),
      'ValidationException',
      /Nesting Levels have exceeded supported limits/,
    );
  },
);

behaviour(
  'a put and a deletion give back the former item if asked to',
  { source: api('PutItem'), covers: ['dynamodb:PutItem', 'dynamodb:DeleteItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    const putting = (n: number) =>
      aws.dynamodb.send(new PutItemCommand({ TableName, Item: { id: S('a'), n: N(n) }, ReturnValues: 'ALL_OLD' }));
    const deleting = () =>
      aws.dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: S('a') }, ReturnValues: 'ALL_OLD' }));
    expect((await putting(1)).Attributes).toBeUndefined();
    expect((await putting(2)).Attributes).toEqual({ id: S('a'), n: N(1) });
    expect((await deleting()).Attributes).toEqual({ id: S('a'), n: N(2) });
    expect((await deleting()).Attributes).toBeUndefined();
    const Key = { id: S('a') };
    await refused(
      aws.dynamodb.send(new DeleteItemCommand({ TableName, Key, ReturnValues: 'ALL_NEW' })),
      'ValidationException',
      /ReturnValues can only be ALL_OLD or NONE/,
    );
  },
);

behaviour(
  'a projection shows parts of a document and leaves out what is not there',
  { source: guide('Expressions.ProjectionExpressions'), covers: ['dynamodb:GetItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, {
      id: S('a'),
      doc: { M: { x: N(1), y: N(2) } },
      elements: { L: [S('zero'), S('one'), S('two')] },
      'dotted.name': S('dots'),
    });
    const { Item } = await aws.dynamodb.send(
      new GetItemCommand({
        TableName,
        Key: { id: S('a') },
        ProjectionExpression: 'doc.x, elements[2], elements[0], #dotted, absent.deep',
        ExpressionAttributeNames: { '#dotted': 'dotted.name' },
      }),
    );
    expect(Item).toEqual({
      doc: { M: { x: N(1) } },
      elements: { L: [S('zero'), S('two')] },
      'dotted.name': S('dots'),
    });
  },
);

behaviour(
  'paths of a projection must not overlap',
  { source: recorded('tier3/error-messages/batchGetItem'), covers: ['dynamodb:GetItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await refused(
      aws.dynamodb.send(new GetItemCommand({ TableName, Key: { id: S('a') }, ProjectionExpression: 'a, a.b' })),
      'ValidationException',
      'Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
    );
  },
);

behaviour(
  'items of a table that is not there cannot be read or written',
  {
    source: recorded('tier3/error-messages/deleteItem'),
    covers: [
      'dynamodb:GetItem!ResourceNotFoundException',
      'dynamodb:PutItem!ResourceNotFoundException',
      'dynamodb:UpdateItem!ResourceNotFoundException',
      'dynamodb:DeleteItem!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const TableName = aws.name('nowhere');
    const Key = { id: S('a') };
    for (const call of [
      aws.dynamodb.send(new GetItemCommand({ TableName, Key })),
      aws.dynamodb.send(new PutItemCommand({ TableName, Item: Key })),
      aws.dynamodb.send(new UpdateItemCommand({ TableName, Key })),
      aws.dynamodb.send(new DeleteItemCommand({ TableName, Key })),
    ])
      await refused(call, 'ResourceNotFoundException', 'Requested resource not found');
  },
);

behaviour(
  'a table may be given by its ARN, and its name must be one',
  { source: recorded('tier3/error-messages/putItem'), covers: ['dynamodb:PutItem', 'dynamodb:GetItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, `arn:aws:dynamodb:${aws.region}:${aws.account}:table/${TableName}`, { id: S('a') });
    expect(await get(aws, TableName, { id: S('a') })).toEqual({ id: S('a') });
    await refused(
      put(aws, 'bad table!@#', { id: S('a') }),
      'ValidationException',
      "1 validation error detected: Value 'bad table!@#' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    );
  },
);
