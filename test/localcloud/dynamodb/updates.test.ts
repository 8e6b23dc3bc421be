import { beforeEach, describe, expect, test } from 'vitest';
import { refusal, type Tables, tables, things } from './bench-tables.ts';

const Key = { id: { S: 'a' } };
let cloud: Tables;
beforeEach(async () => {
  cloud = tables();
  await cloud.ask('CreateTable', things);
});
const put = (attributes: object) => cloud.ask('PutItem', { TableName: 'things', Item: { ...Key, ...attributes } });
const update = (UpdateExpression: string, values?: object, more: object = {}) =>
  cloud.ask('UpdateItem', {
    TableName: 'things',
    Key,
    UpdateExpression,
    ...(values ? { ExpressionAttributeValues: values } : {}),
    ...more,
  });
const item = async () => {
  const { id, ...attributes } = (await cloud.ask('GetItem', { TableName: 'things', Key })).Item;
  return attributes;
};

describe('UpdateItem', () => {
  test.each<[string, string, object, object | undefined, object]>([
    ['a literal', 'SET x = :v', {}, { ':v': { S: 'new' } }, { x: { S: 'new' } }],
    [
      'another attribute, as it was before',
      'SET x = y, y = x',
      { x: { N: '1' }, y: { N: '2' } },
      undefined,
      { x: { N: '2' }, y: { N: '1' } },
    ],
    ['a sum', 'SET x = x + :v', { x: { N: '0.1' } }, { ':v': { N: '0.2' } }, { x: { N: '0.3' } }],
    ['a difference', 'SET x = :v - x', { x: { N: '3' } }, { ':v': { N: '1' } }, { x: { N: '-2' } }],
    ['a default', 'SET x = if_not_exists(x, :v) + :v', {}, { ':v': { N: '1' } }, { x: { N: '2' } }],
    [
      'a default that is not needed',
      'SET x = if_not_exists(x, :v)',
      { x: { N: '5' } },
      { ':v': { N: '1' } },
      { x: { N: '5' } },
    ],
    [
      'a longer list',
      'SET x = list_append(x, :v)',
      { x: { L: [{ N: '1' }] } },
      { ':v': { L: [{ N: '2' }] } },
      { x: { L: [{ N: '1' }, { N: '2' }] } },
    ],
    [
      'a list begun',
      'SET x = list_append(if_not_exists(x, :e), :v)',
      {},
      { ':v': { L: [{ N: '2' }] }, ':e': { L: [] } },
      { x: { L: [{ N: '2' }] } },
    ],
    [
      'deep in a map',
      'SET m.a.b = :v',
      { m: { M: { a: { M: { c: { N: '1' } } } } } },
      { ':v': { N: '2' } },
      { m: { M: { a: { M: { c: { N: '1' }, b: { N: '2' } } } } } },
    ],
    [
      'an element',
      'SET x[1] = :v',
      { x: { L: [{ N: '0' }, { N: '1' }] } },
      { ':v': { N: '9' } },
      { x: { L: [{ N: '0' }, { N: '9' }] } },
    ],
    [
      'beyond the end',
      'SET x[9] = :w, x[5] = :v',
      { x: { L: [{ N: '0' }] } },
      { ':v': { N: '5' }, ':w': { N: '9' } },
      { x: { L: [{ N: '0' }, { N: '5' }, { N: '9' }] } },
    ],
    ['removed', 'REMOVE x, nowhere', { x: { N: '1' }, y: { N: '2' } }, undefined, { y: { N: '2' } }],
    [
      'elements removed',
      'REMOVE x[0], x[2]',
      { x: { L: [{ N: '0' }, { N: '1' }, { N: '2' }] } },
      undefined,
      { x: { L: [{ N: '1' }] } },
    ],
    [
      'removed within and of a list',
      'REMOVE x[0], x[1].a',
      { x: { L: [{ N: '0' }, { M: { a: { N: '1' }, b: { N: '2' } } }] } },
      undefined,
      { x: { L: [{ M: { b: { N: '2' } } }] } },
    ],
    ['added to a number', 'ADD x :v', { x: { N: '40' } }, { ':v': { N: '2' } }, { x: { N: '42' } }],
    ['added to nothing', 'ADD x :v', {}, { ':v': { N: '2' } }, { x: { N: '2' } }],
    ['added to a set', 'ADD x :v', { x: { SS: ['a'] } }, { ':v': { SS: ['a', 'b'] } }, { x: { SS: ['a', 'b'] } }],
    [
      'deleted from a set',
      'DELETE x :v',
      { x: { SS: ['a', 'b'] } },
      { ':v': { SS: ['a', 'z'] } },
      { x: { SS: ['b'] } },
    ],
    [
      'the last of a set',
      'DELETE x :v',
      { x: { SS: ['a'] }, y: { N: '1' } },
      { ':v': { SS: ['a'] } },
      { y: { N: '1' } },
    ],
    [
      'everything at once',
      'set a = :v remove b add c :v delete d :s',
      { b: { N: '1' } },
      { ':v': { N: '1' }, ':s': { SS: ['x'] } },
      { a: { N: '1' }, c: { N: '1' } },
    ],
  ])('%s', async (_, expression, before, values, after) => {
    await put(before);
    await update(expression, values);
    expect(await item()).toEqual(after);
  });

  test('an update makes the item if it is not there', async () => {
    await update('SET x = :v', { ':v': { N: '1' } });
    expect(await item()).toEqual({ x: { N: '1' } });
  });

  test('an answer given before is not changed by a later update', async () => {
    await put({ m: { M: { a: { N: '1' } } } });
    const before = await item();
    await update('SET m.a = :v', { ':v': { N: '2' } });
    expect(before).toEqual({ m: { M: { a: { N: '1' } } } });
  });

  test.each<[string, object | undefined]>([
    ['NONE', undefined],
    ['ALL_OLD', { id: { S: 'a' }, m: { M: { a: { N: '1' }, b: { N: '2' } } }, z: { N: '0' } }],
    ['ALL_NEW', { id: { S: 'a' }, m: { M: { a: { N: '9' }, b: { N: '2' } } }, new1: { N: '9' }, z: { N: '0' } }],
    ['UPDATED_OLD', { m: { M: { a: { N: '1' } } } }],
    ['UPDATED_NEW', { m: { M: { a: { N: '9' } } }, new1: { N: '9' } }],
  ])('ReturnValues %s', async (ReturnValues, attributes) => {
    await put({ m: { M: { a: { N: '1' }, b: { N: '2' } } }, z: { N: '0' } });
    const answer = await update('SET m.a = :v, new1 = :v', { ':v': { N: '9' } }, { ReturnValues });
    expect(answer.Attributes).toEqual(attributes);
  });

  test('the pair of writes that Powertools makes for one key', async () => {
    const claim = (now: number) => ({
      TableName: 'things',
      Item: { ...Key, expiration: { N: '2000' }, status: { S: 'INPROGRESS' }, in_progress_expiration: { N: '1500' } },
      ExpressionAttributeNames: {
        '#id': 'id',
        '#expiry': 'expiration',
        '#in_progress_expiry': 'in_progress_expiration',
        '#status': 'status',
      },
      ExpressionAttributeValues: {
        ':now': { N: `${now / 1000}` },
        ':now_in_millis': { N: `${now}` },
        ':inprogress': { S: 'INPROGRESS' },
      },
      ConditionExpression:
        'attribute_not_exists(#id) OR #expiry < :now OR (#status = :inprogress AND attribute_exists(#in_progress_expiry) AND #in_progress_expiry < :now_in_millis)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await cloud.ask('PutItem', claim(1000));
    await expect(cloud.ask('PutItem', claim(1400))).rejects.toMatchObject({
      code: 'ConditionalCheckFailedException',
      fields: { Item: { status: { S: 'INPROGRESS' } } },
    });
    await cloud.ask('PutItem', claim(1501));
    await update(
      'SET #expiry = :e, #status = :s',
      { ':e': { N: '3000' }, ':s': { S: 'COMPLETED' } },
      {
        ExpressionAttributeNames: { '#expiry': 'expiration', '#status': 'status' },
      },
    );
    await expect(cloud.ask('PutItem', claim(1_999_000))).rejects.toMatchObject({
      fields: { Item: { status: { S: 'COMPLETED' } } },
    });
  });
});

describe('updates that are refused', () => {
  const v = { ':v': { N: '1' } };
  const invalid = 'Invalid UpdateExpression: ';
  test.each<[string, object | undefined, string]>([
    ['x = :v', v, `${invalid}Syntax error; token: "x", near: "x ="`],
    ['SET x :v', v, `${invalid}Syntax error; token: ":v", near: "x :v"`],
    ['SET x = :v,', v, `${invalid}Syntax error; token: "<EOF>", near: ","`],
    ['SET x = :v SET y = :v', v, `${invalid}The "SET" section can only be used once in an update expression;`],
    ['SET name = :v', v, `${invalid}Attribute name is a reserved keyword; reserved keyword: name`],
    [
      'SET x = :v, x = :v',
      v,
      `${invalid}Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [x], path two: [x]`,
    ],
    [
      'SET x.y = :v REMOVE x',
      v,
      `${invalid}Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [x, y], path two: [x]`,
    ],
    [
      'SET x.y = :v, x[0] = :v',
      v,
      `${invalid}Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [x, y], path two: [x, [0]]`,
    ],
    ['SET x = size(y)', undefined, `${invalid}Invalid function name; function: size`],
    [
      'SET x = if_not_exists(:v, :v)',
      v,
      `${invalid}Operator or function requires a document path; operator or function: if_not_exists`,
    ],
    [
      'SET x = y + :v',
      { ':v': { S: 'a' } },
      `${invalid}Incorrect operand type for operator or function; operator or function: +, operand type: S`,
    ],
    [
      'SET x = list_append(y, :v)',
      v,
      `${invalid}Incorrect operand type for operator or function; operator or function: list_append, operand type: N`,
    ],
    [
      'ADD x :v',
      { ':v': { S: 'a' } },
      `${invalid}Incorrect operand type for operator or function; operator: ADD, operand type: STRING`,
    ],
    [
      'DELETE x :v',
      v,
      `${invalid}Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER`,
    ],
    [
      'SET id = :v',
      v,
      'One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key',
    ],
    ['SET x = nowhere', undefined, 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET x = word + :v', v, 'An operand in the update expression has an incorrect data type'],
    ['ADD word :v', v, 'An operand in the update expression has an incorrect data type'],
    ['SET nowhere.x = :v', v, 'The document path provided in the update expression is invalid for update'],
    ['SET word[0] = :v', v, 'The document path provided in the update expression is invalid for update'],
    ['REMOVE nowhere.x', undefined, 'The document path provided in the update expression is invalid for update'],
  ])('%s', async (expression, values, message) => {
    await put({ word: { S: 'hello' } });
    expect(await refusal(update(expression, values))).toBe(`ValidationException: ${message}`);
    expect(await item()).toEqual({ word: { S: 'hello' } });
  });

  test('an update may not make the item larger than 400 KB', async () => {
    await put({ x: { S: 'x'.repeat(300 * 1024) } });
    expect(await refusal(update('SET y = :v', { ':v': { S: 'y'.repeat(100 * 1024) } }))).toBe(
      'ValidationException: Item size to update has exceeded the maximum allowed size',
    );
  });

  test('a failed condition changes nothing', async () => {
    await put({ x: { N: '1' } });
    const answer = update('SET x = :v', { ':v': { N: '2' }, ':w': { N: '7' } }, { ConditionExpression: 'x = :w' });
    expect(await refusal(answer)).toBe('ConditionalCheckFailedException: The conditional request failed');
    expect(await item()).toEqual({ x: { N: '1' } });
  });
});
