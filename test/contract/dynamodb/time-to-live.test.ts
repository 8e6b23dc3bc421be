import {
  type AttributeValue,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  QueryCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, dynalite, get, givenGlobalTable, givenTable, guide, indexed, N, put, S } from './given.ts';

const HOUR = 3600_000;
const days = 'AWS takes up to days to delete what has expired';

const turn = ({ dynamodb }: Aws, TableName: string, Enabled: boolean, AttributeName = 'expires') =>
  dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } }));

const described = async ({ dynamodb }: Aws, TableName: string) =>
  (await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;

/** So many seconds after the table was made, in seconds since 1970: the cloud's clock is not the machine's. */
async function after({ dynamodb }: Aws, TableName: string, seconds: number): Promise<AttributeValue> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  return N(Math.floor(Table!.CreationDateTime!.getTime() / 1000) + seconds);
}

behaviour(
  'time to live is turned on for an attribute, and described',
  { source: dynalite('updateTimeToLive'), covers: ['dynamodb:UpdateTimeToLive', 'dynamodb:DescribeTimeToLive'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    expect(await described(aws, TableName)).toEqual({ TimeToLiveStatus: 'DISABLED' });
    const { TimeToLiveSpecification } = await turn(aws, TableName, true);
    expect(TimeToLiveSpecification).toEqual({ Enabled: true, AttributeName: 'expires' });
    const { TimeToLiveStatus, AttributeName } = (await described(aws, TableName))!;
    expect(AttributeName).toBe('expires');
    expect(['ENABLING', 'ENABLED']).toContain(TimeToLiveStatus);
  },
);

behaviour(
  'time to live cannot be turned on or off twice, and is of one attribute',
  { source: dynalite('updateTimeToLive'), covers: ['dynamodb:UpdateTimeToLive'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await refused(turn(aws, TableName, false), 'ValidationException', 'TimeToLive is already disabled');
    await refused(
      turn(aws, TableName, true, ''),
      'ValidationException',
      /TimeToLiveSpecification.AttributeName must be non empty|greater than or equal to 1/,
    );
    await turn(aws, TableName, true);
    await refused(turn(aws, TableName, true), 'ValidationException', /TimeToLive is already enabled|multiple times/);
  },
);

behaviour(
  'a table that is not there has no time to live',
  {
    source: dynalite('updateTimeToLive'),
    covers: [
      'dynamodb:UpdateTimeToLive!ResourceNotFoundException',
      'dynamodb:DescribeTimeToLive!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const TableName = aws.name('nowhere');
    const message = `Requested resource not found: Table: ${TableName} not found`;
    await refused(turn(aws, TableName, true), 'ResourceNotFoundException', message);
    await refused(described(aws, TableName), 'ResourceNotFoundException', message);
  },
);

behaviour(
  'after a change the next may come an hour later',
  { source: api('UpdateTimeToLive'), covers: ['dynamodb:UpdateTimeToLive'], notRemote: 'it takes an hour' },
  async (aws) => {
    const TableName = await givenTable(aws);
    await turn(aws, TableName, true);
    await aws.pass(0.9 * HOUR);
    await refused(
      turn(aws, TableName, false),
      'ValidationException',
      /modified multiple times within a fixed interval/,
    );
    await aws.pass(0.2 * HOUR);
    await turn(aws, TableName, false);
    expect(await described(aws, TableName)).toEqual({ TimeToLiveStatus: 'DISABLED' });
  },
);

behaviour(
  'an item that has expired is still there for a while, for reads, writes and conditions',
  {
    source: guide('ttl-expired-items'),
    covers: ['dynamodb:UpdateTimeToLive', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
    notRemote: 'when AWS deletes it is not known',
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    await turn(aws, TableName, true);
    await put(aws, TableName, { id: S('a'), expires: await after(aws, TableName, 60) });
    await aws.pass(2 * 60_000);
    expect(await get(aws, TableName, { id: S('a') })).toBeDefined();
    await aws.dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: S('a') },
        UpdateExpression: 'SET expires = :later',
        ConditionExpression: 'attribute_exists(id)',
        ExpressionAttributeValues: { ':later': await after(aws, TableName, 30 * 24 * 3600) },
      }),
    );
    await aws.pass(24 * HOUR);
    expect(await get(aws, TableName, { id: S('a') }), 'was given more time before it was deleted').toBeDefined();
  },
);

behaviour(
  'an expired item goes at last, from the indexes too; others stay',
  { source: guide('howitworks-ttl'), covers: ['dynamodb:UpdateTimeToLive', 'dynamodb:Query'], notRemote: days },
  async (aws) => {
    const TableName = await givenTable(aws, indexed);
    await turn(aws, TableName, true);
    const item = (id: string, expires: AttributeValue) =>
      put(aws, TableName, { id: S(id), at: N(1), kind: S('red'), expires });
    await item('gone', await after(aws, TableName, 60));
    await item('later', await after(aws, TableName, 90 * 24 * 3600));
    await item('text', S('1'));
    await item('milliseconds', N(Number((await after(aws, TableName, 60)).N) * 1000));
    await item('ancient', await after(aws, TableName, -6 * 365 * 24 * 3600));
    await aws.pass(48 * HOUR);
    const { Items } = await aws.dynamodb.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-kind',
        KeyConditionExpression: 'kind = :red',
        ExpressionAttributeValues: { ':red': S('red') },
      }),
    );
    expect(Items!.map(({ id }) => id!.S).sort()).toEqual(['ancient', 'later', 'milliseconds', 'text']);
    expect(await get(aws, TableName, { id: S('gone'), at: N(1) })).toBeUndefined();
  },
);

behaviour(
  'in a global table time to live is everywhere, and what expires goes everywhere',
  {
    source: guide('V2globaltables_HowItWorks'),
    covers: ['dynamodb:UpdateTimeToLive', 'dynamodb:DescribeTimeToLive', 'dynamodb:ApplyReplicatedWrites'],
    notRemote: days,
  },
  async (aws) => {
    const { TableName, far } = await givenGlobalTable(aws);
    await turn(aws, TableName, true);
    expect((await far.dynamodb.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription).toEqual({
      TimeToLiveStatus: 'ENABLED',
      AttributeName: 'expires',
    });
    await put(aws, TableName, { id: S('a'), expires: await after(aws, TableName, 60) });
    await aws.pass(60_000);
    expect(await get(far, TableName, { id: S('a') })).toBeDefined();
    await aws.pass(48 * HOUR);
    expect(await get(far, TableName, { id: S('a') })).toBeUndefined();
  },
);
