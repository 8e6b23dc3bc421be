import { beforeEach, describe, expect, test } from 'vitest';
import { refusal, type Tables, tables, things } from './bench-tables.ts';

const item = {
  id: { S: 'a' },
  word: { S: 'hello' },
  n: { N: '10' },
  big: { N: '12345678901234567890123456789012345678' },
  yes: { BOOL: true },
  none: { NULL: true },
  tags: { SS: ['x', 'y'] },
  numbers: { NS: ['1', '2'] },
  data1: { B: 'AQID' },
  l: { L: [{ S: 'first' }, { M: { deep: { N: '7' } } }] },
  m: { M: { inner: { S: 'v' }, 'a.b': { S: 'dotted' } } },
};

let cloud: Tables;
beforeEach(async () => {
  cloud = tables();
  await cloud.ask('CreateTable', things);
  await cloud.ask('PutItem', { TableName: 'things', Item: item });
});

/** Whether the condition holds, or why it is refused. */
async function judge(ConditionExpression: string, values?: object, names?: object): Promise<boolean | string> {
  const answer = await refusal(
    cloud.ask('PutItem', {
      TableName: 'things',
      Item: item,
      ConditionExpression,
      ...(values ? { ExpressionAttributeValues: values } : {}),
      ...(names ? { ExpressionAttributeNames: names } : {}),
    }),
  );
  if (answer.startsWith('not refused')) return true;
  return answer.startsWith('ConditionalCheckFailedException')
    ? false
    : answer.replace('ValidationException: Invalid ConditionExpression: ', '');
}

describe('conditions', () => {
  const s = (text: string) => ({ ':v': { S: text } });
  const n = (text: string) => ({ ':v': { N: text } });
  test.each<[string, object | undefined, boolean]>([
    ['attribute_exists(word)', undefined, true],
    ['attribute_exists(nowhere)', undefined, false],
    ['attribute_not_exists(m.nowhere)', undefined, true],
    ['attribute_not_exists(m.#i)', undefined, false],
    ['attribute_type(word, :v)', s('S'), true],
    ['attribute_type(yes, :v)', s('S'), false],
    ['begins_with(word, :v)', s('hel'), true],
    ['begins_with(word, :v)', s('el'), false],
    ['begins_with(data1, :v)', { ':v': { B: 'AQI=' } }, true],
    ['contains(word, :v)', s('ell'), true],
    ['contains(tags, :v)', s('x'), true],
    ['contains(tags, :v)', s('z'), false],
    ['contains(numbers, :v)', n('2.0'), true],
    ['contains(l, :v)', s('first'), true],
    ['size(word) = :v', n('5'), true],
    ['size(tags) > :v', n('2'), false],
    ['size(nowhere) > :v', n('0'), false],
    ['n = :v', n('1E1'), true],
    ['n = :v', s('10'), false],
    ['n < :v', n('9'), false],
    ['n < :v', n('100'), true],
    ['n < :v', s('zzz'), false],
    ['big > :v', n('12345678901234567890123456789012345677'), true],
    ['big = :v', n('12345678901234567890123456789012345679'), false],
    ['nowhere <> :v', s('x'), true],
    ['nowhere = :v', s('x'), false],
    ['word >= :v AND n <= :w', { ':v': { S: 'hello' }, ':w': { N: '10' } }, true],
    ['n BETWEEN :v AND :w', { ':v': { N: '2' }, ':w': { N: '10' } }, true],
    ['n between :v and :w', { ':v': { N: '11' }, ':w': { N: '12' } }, false],
    ['word IN (:v, :w)', { ':v': { S: 'x' }, ':w': { S: 'hello' } }, true],
    ['word IN (:v)', s('x'), false],
    ['l[1].deep = :v', n('7'), true],
    ['l[5] = :v', n('7'), false],
    ['NOT word = :v', s('hello'), false],
    ['NOT word = :v OR attribute_exists(id)', s('hello'), true],
    ['tags = :v', { ':v': { SS: ['y', 'x'] } }, true],
    ['m = :v', { ':v': { M: { 'a.b': { S: 'dotted' }, inner: { S: 'v' } } } }, true],
    ['attribute_exists(id) OR attribute_exists(nowhere) AND attribute_exists(nowhere)', undefined, true],
    ['(attribute_exists(id) OR attribute_exists(nowhere)) AND attribute_exists(nowhere)', undefined, false],
    ['(n) = (:v)', n('10'), true],
    [':v = n', n('10'), true],
  ])('%s with %j: %s', async (expression, values, outcome) => {
    expect(await judge(expression, values, expression.includes('#i') ? { '#i': 'inner' } : undefined)).toBe(outcome);
  });

  test('a placeholder may stand for a name with a dot in it', async () => {
    expect(await judge('m.#d = :v', { ':v': { S: 'dotted' } }, { '#d': 'a.b' })).toBe(true);
  });

  test('strings are compared by their bytes in UTF-8', async () => {
    await cloud.ask('PutItem', { TableName: 'things', Item: { ...item, word: { S: '\u{1F600}' } } });
    expect(await judge('word > :v', { ':v': { S: '\uFFFD' } })).toBe(true);
  });

  test('an item that is not there has no attributes', async () => {
    const put = { TableName: 'things', Item: { id: { S: 'new' } }, ConditionExpression: 'attribute_exists(id)' };
    expect(await refusal(cloud.ask('PutItem', put))).toContain('ConditionalCheckFailedException');
  });
});

describe('conditions that are refused', () => {
  const v = { ':v': { S: 'x' } };
  test.each<[string, object | undefined, string]>([
    ['', undefined, 'The expression can not be empty;'],
    ['word', undefined, 'Syntax error; token: "<EOF>", near: "word"'],
    ['word = ', undefined, 'Syntax error; token: "<EOF>", near: "="'],
    ['word == :v', v, 'Syntax error; token: "=", near: "== :v"'],
    ['my-word = :v', v, 'Syntax error; token: "-", near: "my-word"'],
    ['_word = :v', v, 'Syntax error; token: "_word", near: "_word ="'],
    ['word = :v AND', v, 'Syntax error; token: "<EOF>", near: "AND"'],
    ['word = :v )', v, 'Syntax error; token: ")", near: ":v )"'],
    ['((word = :v))', v, 'The expression has redundant parentheses;'],
    ['status = :v', v, 'Attribute name is a reserved keyword; reserved keyword: status'],
    ['m.Name = :v', v, 'Attribute name is a reserved keyword; reserved keyword: Name'],
    ['foo(word)', undefined, 'Invalid function name; function: foo'],
    ['Attribute_Exists(word)', undefined, 'Invalid function name; function: Attribute_Exists'],
    [
      'attribute_exists(word, n)',
      undefined,
      'Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2',
    ],
    [
      'attribute_exists(:v)',
      v,
      'Operator or function requires a document path; operator or function: attribute_exists',
    ],
    ['size(word)', undefined, 'The function is not allowed to be used this way in an expression; function: size'],
    [
      'attribute_exists(word) = :v',
      v,
      'The function is not allowed to be used this way in an expression; function: attribute_exists',
    ],
    [
      'word = word',
      undefined,
      'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [word]',
    ],
    [
      'begins_with(word, :v)',
      { ':v': { N: '1' } },
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    ],
    [
      'word < :v',
      { ':v': { BOOL: true } },
      'Incorrect operand type for operator or function; operator: <, operand type: BOOL',
    ],
    [
      'attribute_type(word, :v)',
      { ':v': { S: 'X' } },
      'Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
    ],
    [
      'n BETWEEN :v AND :w',
      { ':v': { N: '2' }, ':w': { N: '1' } },
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
    ],
    [
      'word = :v',
      { ':w': { S: 'x' } },
      'An expression attribute value used in expression is not defined; attribute value: :v',
    ],
    ['#w = :v', v, 'An expression attribute name used in the document path is not defined; attribute name: #w'],
  ])('%s: refused', async (expression, values, message) => {
    expect(await judge(expression, values)).toBe(message);
  });

  test('placeholders that nothing uses are refused', async () => {
    expect(await judge('attribute_exists(word)', { ':v': { S: 'x' }, ':w': { S: 'x' } })).toBe(
      'ValidationException: Value provided in ExpressionAttributeValues unused in expressions: keys: {:v, :w}',
    );
    expect(await judge('attribute_exists(word)', undefined, { '#a': 'a' })).toBe(
      'ValidationException: Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}',
    );
  });

  test('placeholders without an expression are refused', async () => {
    const put = { TableName: 'things', Item: item };
    expect(await refusal(cloud.ask('PutItem', { ...put, ExpressionAttributeNames: { '#a': 'a' } }))).toBe(
      'ValidationException: ExpressionAttributeNames can only be specified when using expressions',
    );
    expect(await refusal(cloud.ask('PutItem', { ...put, ExpressionAttributeValues: v }))).toBe(
      'ValidationException: ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
    );
  });

  test('a value that is no value is refused with the name of its placeholder', async () => {
    expect(await judge('n = :v', { ':v': { N: 'ten' } })).toBe(
      'ValidationException: ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: ten for key :v',
    );
  });
});
