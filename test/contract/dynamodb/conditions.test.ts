import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { dynalite, get, givenTable, guide, N, put, recorded, S } from './given.ts';

const operators = guide('Expressions.OperatorsAndFunctions');
const key = { id: S('a') };
const thing: Record<string, AttributeValue> = {
  ...key,
  n: N(5),
  words: S('hello'),
  tags: { SS: ['x', 'y'] },
  elements: { L: [S('one'), N(2)] },
  doc: { M: { in: N(1) } },
  no: { BOOL: false },
};

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
  readonly ExpressionAttributeNames?: Record<string, string>;
}

const putIf = ({ dynamodb }: Aws, TableName: string, condition: Condition) =>
  dynamodb.send(new PutItemCommand({ TableName, Item: thing, ...condition }));

async function expectOf(
  aws: Aws,
  cases: readonly (readonly [string, boolean])[],
  values: Record<string, AttributeValue>,
) {
  const TableName = await givenTable(aws);
  await put(aws, TableName, thing);
  for (const [ConditionExpression, holds] of cases) {
    const used = Object.entries(values).filter(([name]) => new RegExp(`${name}\\b`).test(ConditionExpression));
    const condition = {
      ConditionExpression,
      ...(used.length > 0 ? { ExpressionAttributeValues: Object.fromEntries(used) } : {}),
    };
    const outcome = await putIf(aws, TableName, condition).then(
      () => true,
      (error) => (error.name === 'ConditionalCheckFailedException' ? false : error.message),
    );
    expect(outcome, ConditionExpression).toBe(holds);
  }
}

behaviour(
  'comparisons hold between values of one type, and <> between all others',
  { source: operators, covers: ['dynamodb:PutItem'] },
  (aws) =>
    expectOf(
      aws,
      [
        ['n = :five', true],
        ['n <> :five', false],
        ['n < :six', true],
        ['n >= :six', false],
        ['n BETWEEN :five AND :six', true],
        ['n IN (:six, :five)', true],
        ['n = :words', false],
        ['n <> :words', true],
        ['n < :words', false],
        ['absent = :five', false],
        ['absent <> :five', true],
        ['elements = :elements', true],
        ['tags = :tags', true],
      ],
      {
        ':five': N('5.0'),
        ':six': N(6),
        ':words': S('5'),
        ':elements': { L: [S('one'), N(2)] },
        ':tags': { SS: ['y', 'x'] },
      },
    ),
);

behaviour(
  'functions look at attributes wherever they are in the document',
  { source: operators, covers: ['dynamodb:PutItem'] },
  (aws) =>
    expectOf(
      aws,
      [
        ['attribute_exists(doc)', true],
        ['attribute_exists(elements[1])', true],
        ['attribute_exists(elements[2])', false],
        ['attribute_not_exists(absent.deep)', true],
        ['attribute_type(tags, :ss)', true],
        ['begins_with(words, :he)', true],
        ['begins_with(words, :lo)', false],
        ['contains(words, :lo)', true],
        ['contains(tags, :x)', true],
        ['contains(elements, :one)', true],
        ['contains(elements, :lo)', false],
        ['size(words) = :five', true],
        ['size(tags) < :five', true],
        ['size(n) = :five', false],
      ],
      { ':ss': S('SS'), ':he': S('he'), ':lo': S('lo'), ':x': S('x'), ':one': S('one'), ':five': N(5) },
    ),
);

behaviour(
  'NOT binds closer than AND, and AND closer than OR',
  { source: operators, covers: ['dynamodb:PutItem'] },
  (aws) =>
    expectOf(
      aws,
      [
        ['n = :five OR n = :six AND n = :six', true],
        ['(n = :five OR n = :six) AND n = :six', false],
        ['NOT n = :six AND n = :five', true],
        ['NOT (n = :six OR n = :five)', false],
      ],
      { ':five': N(5), ':six': N(6) },
    ),
);

behaviour(
  'a write whose condition fails changes nothing',
  {
    source: guide('Expressions.ConditionExpressions'),
    covers: [
      'dynamodb:PutItem!ConditionalCheckFailedException',
      'dynamodb:UpdateItem!ConditionalCheckFailedException',
      'dynamodb:DeleteItem!ConditionalCheckFailedException',
    ],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, thing);
    const ConditionExpression = 'attribute_not_exists(id)';
    const message = 'The conditional request failed';
    const Key = key;
    for (const call of [
      aws.dynamodb.send(new PutItemCommand({ TableName, Item: key, ConditionExpression })),
      aws.dynamodb.send(new DeleteItemCommand({ TableName, Key, ConditionExpression })),
      aws.dynamodb.send(new UpdateItemCommand({ TableName, Key, UpdateExpression: 'REMOVE n', ConditionExpression })),
    ])
      await refused(call, 'ConditionalCheckFailedException', message);
    expect(await get(aws, TableName, key)).toEqual(thing);
  },
);

behaviour(
  'a failed condition gives back the item as it is, if asked to and if there is one',
  {
    source: 'https://aws.amazon.com/about-aws/whats-new/2023/06/amazon-dynamodb-cost-failed-conditional-writes/',
    covers: ['dynamodb:PutItem!ConditionalCheckFailedException', 'dynamodb:UpdateItem!ConditionalCheckFailedException'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, thing);
    const show = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    const failure = (call: Promise<unknown>) => call.catch((error: ConditionalCheckFailedException) => error);
    const putting = await failure(
      aws.dynamodb.send(
        new PutItemCommand({ TableName, Item: key, ConditionExpression: 'attribute_not_exists(id)', ...show }),
      ),
    );
    expect(putting).toBeInstanceOf(ConditionalCheckFailedException);
    expect(putting).toMatchObject({ Item: thing });
    const updating = (await failure(
      aws.dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key: { id: S('nobody') },
          UpdateExpression: 'REMOVE n',
          ConditionExpression: 'attribute_exists(id)',
          ...show,
        }),
      ),
    )) as ConditionalCheckFailedException;
    expect(updating.name).toBe('ConditionalCheckFailedException');
    expect(updating.Item).toBeUndefined();
  },
);

/** AWS is putting "1 validation error detected: " before these, region by region. */
const wrong: readonly (readonly [Condition, string])[] = [
  [{ ConditionExpression: '' }, 'Invalid ConditionExpression: The expression can not be empty;'],
  [{ ConditionExpression: 'n = = :v' }, 'Invalid ConditionExpression: Syntax error; token: "=", near: "= = :v"'],
  [
    { ConditionExpression: 'attribute_exists(size)' },
    'Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: size',
  ],
  [
    { ConditionExpression: 'attribute_exists(#n)' },
    'Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #n',
  ],
  [
    { ConditionExpression: 'n = :v' },
    'Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :v',
  ],
  [
    { ConditionExpression: 'attribute_exists(n)', ExpressionAttributeNames: { '#x': 'x' } },
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}',
  ],
  [
    { ConditionExpression: 'attribute_exists(n)', ExpressionAttributeValues: { ':x': S('x') } },
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}',
  ],
  [
    { ConditionExpression: '((attribute_exists(n)))' },
    'Invalid ConditionExpression: The expression has redundant parentheses;',
  ],
  [
    { ConditionExpression: 'contains(n, n)' },
    'Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [n]',
  ],
  [{ ConditionExpression: 'exists(n)' }, 'Invalid ConditionExpression: Invalid function name; function: exists'],
  [
    { ConditionExpression: 'begins_with(n, :v)', ExpressionAttributeValues: { ':v': N(1) } },
    'Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
  ],
  [
    {
      ConditionExpression: 'n BETWEEN :b AND :a',
      ExpressionAttributeValues: { ':a': N(1), ':b': N(2) },
    },
    'Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
  ],
];

behaviour(
  'a condition that is none is refused, whatever the item',
  { source: dynalite('putItem'), covers: ['dynamodb:PutItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    for (const [condition, message] of wrong)
      await refused(putIf(aws, TableName, condition), 'ValidationException', ending(message));
  },
);

behaviour(
  'placeholders need an expression that uses them',
  { source: recorded('tier3/error-messages/putItem'), covers: ['dynamodb:PutItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await refused(
      aws.dynamodb.send(new PutItemCommand({ TableName, Item: key, ExpressionAttributeValues: { ':v': S('x') } })),
      'ValidationException',
      /ExpressionAttributeValues can only be specified when using expressions/,
    );
    await refused(
      aws.dynamodb.send(new PutItemCommand({ TableName, Item: key, ExpressionAttributeNames: { '#v': 'x' } })),
      'ValidationException',
      /ExpressionAttributeNames can only be specified when using expressions/,
    );
  },
);

function ending(message: string): RegExp {
  return new RegExp(`^(1 validation error detected: )?${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}

/** As Powertools for AWS Lambda (TypeScript) locks an idempotency record. */
const lock = (TableName: string, now: number) =>
  new PutItemCommand({
    TableName,
    Item: { ...key, expiration: N(now + 3600), in_progress_expiration: N((now + 10) * 1000), status: S('INPROGRESS') },
    ConditionExpression:
      'attribute_not_exists(#id) OR #expiry < :now OR (#status = :inprogress AND attribute_exists(#in_progress_expiry) AND #in_progress_expiry < :now_in_millis)',
    ExpressionAttributeNames: {
      '#id': 'id',
      '#expiry': 'expiration',
      '#status': 'status',
      '#in_progress_expiry': 'in_progress_expiration',
    },
    ExpressionAttributeValues: {
      ':now': N(now),
      ':now_in_millis': N(now * 1000),
      ':inprogress': S('INPROGRESS'),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

behaviour(
  'the lock of an idempotency record is taken once, and again when its holder has run out of time',
  {
    source:
      'https://github.com/aws-powertools/powertools-lambda-typescript/blob/main/packages/idempotency/src/persistence/DynamoDBPersistenceLayer.ts',
    covers: ['dynamodb:PutItem', 'dynamodb:PutItem!ConditionalCheckFailedException'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    await aws.dynamodb.send(lock(TableName, 1000));
    const held = await aws.dynamodb.send(lock(TableName, 1005)).catch((error) => error);
    expect(held).toMatchObject({ name: 'ConditionalCheckFailedException', Item: { expiration: N(4600) } });
    await aws.dynamodb.send(lock(TableName, 1011));
    expect(await get(aws, TableName, key)).toMatchObject({ expiration: N(4611) });
    // Letting go carries no condition, so that it takes away whoever's lock it is by then.
    await aws.dynamodb.send(new DeleteItemCommand({ TableName, Key: key }));
    await aws.dynamodb.send(lock(TableName, 1012));
  },
);
