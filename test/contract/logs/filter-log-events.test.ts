import { PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, captured, groupArn, guide, lines, messagesOf, slow, stream } from './given.ts';

const page = api('FilterLogEvents');
const filters = captured('filters');
const terms = guide('FilterAndPatternSyntax');

/** What of some lines a pattern finds. */
async function finding(aws: Aws, texts: readonly string[]) {
  const { put, filter, line } = await lines(aws);
  await put(texts.map((text, index) => line(text, index - texts.length)));
  return async (filterPattern: string) => messagesOf(await filter({ filterPattern }));
}

/** Three streams, with a line each; `b` is the eldest. */
async function three(aws: Aws) {
  const { logGroupName, at, filter } = await lines(aws);
  for (const [name, before] of [
    ['a1', 2000],
    ['a2', 1000],
    ['b', 3000],
  ] as const) {
    await stream(aws, logGroupName, name);
    const logEvents = [{ timestamp: at - before, message: `of ${name}` }];
    await aws.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: name, logEvents }));
  }
  return { logGroupName, at, filter };
}

behaviour(
  'the streams of a group are merged by time, and each event says where it comes from',
  { source: page, covers: ['logs:FilterLogEvents'], notRemote: slow },
  async (aws) => {
    const { filter, at, logGroupName } = await three(aws);
    const { events } = await filter();
    expect(messagesOf({ events })).toEqual(['of b', 'of a1', 'of a2']);
    expect(events![0]).toEqual({
      logStreamName: 'b',
      timestamp: at - 3000,
      message: 'of b',
      ingestionTime: expect.any(Number),
      eventId: expect.any(String),
    });
    expect(new Set(events!.map(({ eventId }) => eventId)).size).toBe(3);
    const logGroupIdentifier = groupArn(aws, logGroupName);
    expect((await filter({ logGroupName: undefined, logGroupIdentifier })).events).toHaveLength(3);
  },
);

behaviour(
  'streams are chosen by name or by the beginning of it, and times are both included',
  { source: page, covers: ['logs:FilterLogEvents'], notRemote: slow },
  async (aws) => {
    const { filter, at } = await three(aws);
    expect(messagesOf(await filter({ logStreamNamePrefix: 'a' }))).toEqual(['of a1', 'of a2']);
    expect(messagesOf(await filter({ logStreamNames: ['b', 'a2'] }))).toEqual(['of b', 'of a2']);
    expect(messagesOf(await filter({ startTime: at - 2000, endTime: at - 1000 }))).toEqual(['of a1', 'of a2']);
  },
);

behaviour(
  'events are told by pages, until there is no token',
  { source: page, covers: ['logs:FilterLogEvents'], notRemote: slow },
  async (aws) => {
    const { filter } = await three(aws);
    const told: unknown[] = [];
    let nextToken: string | undefined;
    do {
      const answer = await filter({ limit: 1, nextToken });
      told.push(...messagesOf(answer));
      nextToken = answer.nextToken;
    } while (nextToken !== undefined);
    expect(told).toEqual(['of b', 'of a1', 'of a2']);
  },
);

behaviour(
  'all terms must be there, as they are written, in any order; what is in quotes is one term',
  { source: terms, covers: ['logs:FilterLogEvents'], notRemote: slow },
  async (aws) => {
    const find = await finding(aws, [
      'ERROR ARGUMENTS REQUEST',
      'ARGUMENTS ERROR',
      'error arguments request',
      'ERROR INTERNAL SERVER ERROR',
      'ERROR INTERNAL  SERVER ERROR',
    ]);
    expect(await find('ERROR ARGUMENTS')).toEqual(['ERROR ARGUMENTS REQUEST', 'ARGUMENTS ERROR']);
    expect(await find('"INTERNAL SERVER"')).toEqual(['ERROR INTERNAL SERVER ERROR']);
    expect(await find('')).toHaveLength(5);
  },
);

behaviour(
  'a minus excludes a term, a question mark makes it one of several, which nothing else may stand beside',
  { source: terms, covers: ['logs:FilterLogEvents'], notRemote: slow },
  async (aws) => {
    const find = await finding(aws, ['ERROR ARGUMENTS', 'INFO ARGUMENTS', 'ERROR REQUEST', 'plain']);
    expect(await find('ERROR -ARGUMENTS')).toEqual(['ERROR REQUEST']);
    expect(await find('?INFO ?REQUEST')).toEqual(['INFO ARGUMENTS', 'ERROR REQUEST']);
    expect(await find('?INFO ?REQUEST ARGUMENTS')).toEqual(['ERROR ARGUMENTS', 'INFO ARGUMENTS']);
  },
);

behaviour(
  'percent signs enclose a regular expression',
  { source: terms, covers: ['logs:FilterLogEvents'], notRemote: slow },
  async (aws) => {
    const find = await finding(aws, ['ERROR 500', 'ERROR 50', 'WARN 404', 'colour', 'color']);
    expect(await find('%[45]0[0-9]%')).toEqual(['ERROR 500', 'WARN 404']);
    expect(await find('%colou?r%')).toEqual(['colour', 'color']);
  },
);

const SCALARS = [
  '{}',
  '{"v":null}',
  '{"v":true}',
  '{"v":0}',
  '{"v":1}',
  '{"v":1.0}',
  '{"v":"1"}',
  '{"v":"1.0"}',
  '{"v":1.5}',
  '{"v":10}',
  '{"v":"10"}',
  '{"v":"Alpha"}',
  '{"v":"alpha"}',
  '{"v":"Alphabet"}',
  '{"v":[1]}',
  'not JSON',
];

behaviour(
  'a number of a JSON line is compared as a number, and its equal may be text',
  { source: filters, covers: ['logs:FilterLogEvents'], notRemote: slow },
  async (aws) => {
    const find = await finding(aws, SCALARS);
    expect(await find('{ $.v = 1 }')).toEqual(['{"v":1}', '{"v":1.0}', '{"v":"1"}']);
    expect(await find('{ $.v > 1 }')).toEqual(['{"v":1.5}', '{"v":10}']);
    expect(await find('{ $.v <= 1 }')).toEqual(['{"v":0}', '{"v":1}', '{"v":1.0}']);
    expect(await find('{ $.v != 1 }')).toEqual([
      '{"v":0}',
      '{"v":"1.0"}',
      '{"v":1.5}',
      '{"v":10}',
      '{"v":"10"}',
      '{"v":"Alpha"}',
      '{"v":"alpha"}',
      '{"v":"Alphabet"}',
    ]);
  },
);

behaviour(
  'text of a JSON line is compared as it is written, and an asterisk stands for any',
  { source: guide('FilterAndPatternSyntax'), covers: ['logs:FilterLogEvents'], notRemote: slow },
  async (aws) => {
    const find = await finding(aws, SCALARS);
    expect(await find('{ $.v = "Alpha" }')).toEqual(['{"v":"Alpha"}']);
    expect(await find('{ $.v = "Alpha*" }')).toEqual(['{"v":"Alpha"}', '{"v":"Alphabet"}']);
    expect(await find('{ $.v = %^[aA]lpha$% }')).toEqual(['{"v":"Alpha"}', '{"v":"alpha"}']);
  },
);

behaviour(
  'a member may be true, null or not there',
  { source: guide('FilterAndPatternSyntax'), covers: ['logs:FilterLogEvents'], notRemote: slow },
  async (aws) => {
    const find = await finding(aws, ['{}', '{"v":null}', '{"v":true}', '{"v":false}', 'not JSON']);
    expect(await find('{ $.v IS TRUE }')).toEqual(['{"v":true}']);
    expect(await find('{ $.v IS FALSE }')).toEqual(['{"v":false}']);
    expect(await find('{ $.v IS NULL }')).toEqual(['{"v":null}']);
    expect(await find('{ $.v NOT EXISTS }')).toEqual(['{}']);
  },
);

behaviour(
  'conditions are joined by && and ||, of which && binds closer, and reach into members and lists',
  { source: guide('FilterAndPatternSyntax'), covers: ['logs:FilterLogEvents'], notRemote: slow },
  async (aws) => {
    const lines = ['{"a":1,"b":0,"c":{"d":["x","y"]}}', '{"a":0,"b":2,"c":{"d":["y"]}}', '{"a":0,"b":0}'];
    const find = await finding(aws, lines);
    expect(await find('{ $.a = 1 || $.b = 2 && $.a = 9 }')).toEqual([lines[0]]);
    expect(await find('{ ($.a = 1 || $.b = 2) && $.c.d[0] = "y" }')).toEqual([lines[1]]);
  },
);

behaviour(
  'a pattern makes sense, a page holds 1 to 10,000 events, and streams are named in one way',
  { source: page, covers: ['logs:FilterLogEvents!InvalidParameterException'] },
  async (aws) => {
    const { filter } = await lines(aws);
    const error = 'InvalidParameterException';
    for (const filterPattern of ['{ $.a', '{ $.a = }', '{ $.a = 1 } b', 'a.b']) {
      await refused(filter({ filterPattern }), error);
    }
    await refused(filter({ limit: 0 }), error);
    await refused(filter({ limit: 10_001 }), error);
    await refused(filter({ nextToken: 'nonsense' }), error);
    await refused(filter({ logStreamNames: ['a'], logStreamNamePrefix: 'a' }), error);
  },
);

behaviour(
  'events are those of a group and of streams that exist',
  { source: page, covers: ['logs:FilterLogEvents!ResourceNotFoundException'] },
  async (aws) => {
    const { filter } = await lines(aws);
    const error = 'ResourceNotFoundException';
    await refused(filter({ logStreamNames: ['nobody'] }), error, 'The specified log stream does not exist.');
    await refused(filter({ logGroupName: aws.name('nobody') }), error, 'The specified log group does not exist.');
  },
);
