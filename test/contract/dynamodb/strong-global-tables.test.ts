import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { create, remove } from '../cloudformation/given.ts';
import { type Aws, behaviour, type Clients, refused } from '../contract.ts';
import { active, api, byId, elsewhere, eventually, get, givenTable, guide, N, put, S, stream } from './given.ts';

const page = guide('V2globaltables_HowItWorks');
const key = { id: S('a') };
const WITNESS = 'eu-west-3';
const onlyHere = 'on AWS no link can be cut';

const change = (aws: Aws, TableName: string, more: Omit<UpdateTableCommandInput, 'TableName'>) =>
  aws.dynamodb.send(new UpdateTableCommand({ TableName, ...more }));

const strong = (...regions: string[]): Omit<UpdateTableCommandInput, 'TableName'> => ({
  MultiRegionConsistency: 'STRONG',
  ReplicaUpdates: regions.map((RegionName) => ({ Create: { RegionName } })),
});
const witness = (RegionName = WITNESS) => ({ GlobalTableWitnessUpdates: [{ Create: { RegionName } }] });

/** A table in two regions, with a witness in a third. */
async function givenStrongTable(aws: Aws): Promise<{ TableName: string; far: Clients; remove: () => Promise<void> }> {
  const far = elsewhere(aws);
  const TableName = await givenTable(aws, byId);
  await change(aws, TableName, { ...strong(far.region), ...witness() });
  await active(aws, aws, TableName);
  await active(aws, far, TableName);
  const remove = async () => {
    await change(aws, TableName, {
      ReplicaUpdates: [{ Delete: { RegionName: far.region } }],
      GlobalTableWitnessUpdates: [{ Delete: { RegionName: WITNESS } }],
    });
    await active(aws, aws, TableName);
  };
  aws.afterwards(remove);
  return { TableName, far, remove };
}

/** As a plain read has it. */
const glance = async ({ dynamodb }: Clients, TableName: string) =>
  (await dynamodb.send(new GetItemCommand({ TableName, Key: key }))).Item;

behaviour(
  'an empty table becomes strongly consistent with a replica and a witness, and says so in both regions',
  { source: page, covers: ['dynamodb:UpdateTable', 'dynamodb:DescribeTable', 'dynamodb:ApplyWitness'] },
  async (aws) => {
    const { TableName, far } = await givenStrongTable(aws);
    for (const { dynamodb } of [aws, far]) {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
      expect(Table).toMatchObject({
        MultiRegionConsistency: 'STRONG',
        GlobalTableVersion: '2019.11.21',
        GlobalTableWitnesses: [{ RegionName: WITNESS, WitnessStatus: 'ACTIVE' }],
      });
      expect(Table!.Replicas!.map(({ RegionName }) => RegionName)).toContain(far.region);
    }
  },
);

behaviour(
  'it may have three replicas instead',
  { source: page, covers: ['dynamodb:UpdateTable', 'dynamodb:ApplyReplicaGroup'] },
  async (aws) => {
    const far = elsewhere(aws);
    const TableName = await givenTable(aws, byId);
    await change(aws, TableName, strong(far.region, WITNESS));
    aws.afterwards(() =>
      change(aws, TableName, {
        ReplicaUpdates: [far.region, WITNESS].map((RegionName) => ({ Delete: { RegionName } })),
      }),
    );
    const third = aws.in(WITNESS);
    await active(aws, third, TableName);
    await put(third, TableName, { ...key, n: N(3) });
    expect(await get(aws, TableName, key)).toEqual({ ...key, n: N(3) });
    expect(await get(far, TableName, key)).toEqual({ ...key, n: N(3) });
  },
);

behaviour(
  'there are three members, in one Region set, on an empty table without time to live',
  { source: page, covers: ['dynamodb:UpdateTable'] },
  async (aws) => {
    const far = elsewhere(aws).region;
    const TableName = await givenTable(aws, { ...byId, ...stream });
    const wrong = async (update: Omit<UpdateTableCommandInput, 'TableName'>) =>
      refused(change(aws, TableName, update), 'ValidationException');
    await wrong({ MultiRegionConsistency: 'STRONG' });
    await wrong(strong(far));
    await wrong(strong(far, far));
    await wrong({ ...strong(far, WITNESS), ...witness('eu-west-2') });
    await wrong({ ...strong(far), ...witness(far) });
    await wrong({ ...strong(far), ...witness('us-east-1') });
    await wrong(witness());
    await put(aws, TableName, key);
    await wrong({ ...strong(far), ...witness() });
    await aws.dynamodb.send(new DeleteItemCommand({ TableName, Key: key }));
    const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expires' };
    await aws.dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    await wrong({ ...strong(far), ...witness() });
  },
);

behaviour(
  'neither members nor consistency change later; only both others can leave, together',
  { source: api('GlobalTableWitnessGroupUpdate'), covers: ['dynamodb:UpdateTable', 'dynamodb:DeleteTable'] },
  async (aws) => {
    const { TableName, far, remove } = await givenStrongTable(aws);
    const wrong = async (update: Omit<UpdateTableCommandInput, 'TableName'>) =>
      refused(change(aws, TableName, update), 'ValidationException');
    await wrong({ ReplicaUpdates: [{ Create: { RegionName: 'eu-west-2' } }] });
    await wrong({ MultiRegionConsistency: 'EVENTUAL' });
    await wrong({ ReplicaUpdates: [{ Delete: { RegionName: far.region } }] });
    await wrong({ GlobalTableWitnessUpdates: [{ Delete: { RegionName: WITNESS } }] });
    await refused(far.dynamodb.send(new DeleteTableCommand({ TableName })), 'ValidationException');
    await put(far, TableName, { ...key, n: N(1) });
    await remove();
    await eventually(aws, () =>
      refused(far.dynamodb.send(new DescribeTableCommand({ TableName })), 'ResourceNotFoundException'),
    );
    expect(await get(aws, TableName, key)).toEqual({ ...key, n: N(1) });
    await change(aws, TableName, { ...strong(far.region), ...witness() }).catch(({ name }) =>
      expect(name).toBe('ValidationException'),
    );
    await aws.dynamodb.send(new DeleteItemCommand({ TableName, Key: key }));
    await change(aws, TableName, { ...strong(far.region), ...witness() });
  },
);

behaviour(
  'a consistent read in any region has the last write of any region',
  {
    source: page,
    covers: [
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:BatchGetItem',
      'dynamodb:ExchangeOrderedWrites',
    ],
  },
  async (aws) => {
    const { TableName, far } = await givenStrongTable(aws);
    for (let n = 0; n < 3; n++) {
      const Item = { ...key, n: N(n) };
      await put(n % 2 === 0 ? aws : far, TableName, Item);
      for (const { dynamodb } of [aws, far]) {
        const asked = { TableName, ConsistentRead: true };
        expect((await dynamodb.send(new GetItemCommand({ ...asked, Key: key }))).Item).toEqual(Item);
        expect((await dynamodb.send(new ScanCommand(asked))).Items).toEqual([Item]);
        const one = { KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': key.id } };
        expect((await dynamodb.send(new QueryCommand({ ...asked, ...one }))).Items).toEqual([Item]);
        const RequestItems = { [TableName]: { Keys: [key], ConsistentRead: true } };
        const { Responses } = await dynamodb.send(new BatchGetItemCommand({ RequestItems }));
        expect(Responses![TableName]).toEqual([Item]);
      }
    }
  },
);

behaviour(
  'a plain read has what its own region has by then',
  { source: page, covers: ['dynamodb:GetItem', 'dynamodb:ExchangeOrderedWrites'] },
  async (aws) => {
    const { TableName, far } = await givenStrongTable(aws);
    await put(aws, TableName, key);
    if (aws.links) expect(await glance(far, TableName)).toBeUndefined();
    await eventually(aws, async () => expect(await glance(far, TableName)).toEqual(key));
  },
);

behaviour(
  'a condition is judged by the last write of any region, so that one of two wins',
  { source: page, covers: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'] },
  async (aws) => {
    const { TableName, far } = await givenStrongTable(aws);
    const claim = (by: string) =>
      new PutItemCommand({
        TableName,
        Item: { ...key, by: S(by) },
        ConditionExpression: 'attribute_not_exists(id)',
      });
    await aws.dynamodb.send(claim('near'));
    await refused(far.dynamodb.send(claim('far')), 'ConditionalCheckFailedException');
    const held = { ConditionExpression: '#by = :by', ExpressionAttributeNames: { '#by': 'by' } };
    const update = new UpdateItemCommand({
      TableName,
      Key: key,
      UpdateExpression: 'SET #by = :next',
      ...held,
      ExpressionAttributeValues: { ':by': S('near'), ':next': S('far') },
    });
    await far.dynamodb.send(update);
    await refused(aws.dynamodb.send(update), 'ConditionalCheckFailedException');
    const ExpressionAttributeValues = { ':by': S('far') };
    await aws.dynamodb.send(new DeleteItemCommand({ TableName, Key: key, ...held, ExpressionAttributeValues }));
    await far.dynamodb.send(claim('far'));
  },
);

behaviour(
  'a write to an item that another region is writing fails, and can be tried again',
  {
    source: page,
    covers: [
      'dynamodb:HoldOrderedItem',
      'dynamodb:PutItem!ReplicatedWriteConflictException',
      'dynamodb:UpdateItem!ReplicatedWriteConflictException',
      'dynamodb:DeleteItem!ReplicatedWriteConflictException',
    ],
    notRemote: 'the moment is too short to be met over a network',
  },
  async (aws) => {
    const { TableName, far } = await givenStrongTable(aws);
    for (const late of [
      new PutItemCommand({ TableName, Item: key }),
      new UpdateItemCommand({ TableName, Key: key }),
      new DeleteItemCommand({ TableName, Key: key }),
    ]) {
      const [, conflict] = await Promise.allSettled([
        put(aws, TableName, { ...key, n: N(1) }),
        far.dynamodb.send(late as PutItemCommand),
      ]);
      expect(conflict.status === 'rejected' && conflict.reason.name).toBe('ReplicatedWriteConflictException');
      await far.dynamodb.send(late as PutItemCommand);
    }
  },
);

behaviour(
  'transactions and time to live are not for such tables',
  {
    source: page,
    covers: ['dynamodb:TransactWriteItems', 'dynamodb:TransactGetItems', 'dynamodb:UpdateTimeToLive'],
  },
  async (aws) => {
    const { TableName } = await givenStrongTable(aws);
    const TransactItems = [{ Put: { TableName, Item: key } }];
    await refused(aws.dynamodb.send(new TransactWriteItemsCommand({ TransactItems })), 'ValidationException');
    const gets = { TransactItems: [{ Get: { TableName, Key: key } }] };
    await refused(aws.dynamodb.send(new TransactGetItemsCommand(gets)), 'ValidationException');
    const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expires' };
    const expiring = new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification });
    await refused(aws.dynamodb.send(expiring), 'ValidationException');
  },
);

behaviour(
  'a region that reaches neither of the others refuses writes and consistent reads; plain reads go on',
  { source: page, covers: ['dynamodb:PutItem', 'dynamodb:GetItem'], notRemote: onlyHere },
  async (aws) => {
    const { TableName, far } = await givenStrongTable(aws);
    await put(aws, TableName, key);
    await aws.pass(10_000);
    aws.links!.partition(far.region);
    await refused(put(far, TableName, { ...key, n: N(2) }), 'InternalServerError');
    await refused(get(far, TableName, key), 'InternalServerError');
    expect(await glance(far, TableName)).toEqual(key);
    await put(aws, TableName, { ...key, n: N(1) });
    aws.links!.heal();
    expect(await get(far, TableName, key)).toEqual({ ...key, n: N(1) });
  },
);

behaviour(
  'the loss of a region loses no write, and stops none in the other',
  { source: page, covers: ['dynamodb:PutItem', 'dynamodb:ExchangeOrderedWrites'], notRemote: onlyHere },
  async (aws) => {
    const { TableName, far } = await givenStrongTable(aws);
    await put(far, TableName, { ...key, n: N(1) });
    aws.links!.lose(far.region);
    expect(await get(aws, TableName, key)).toEqual({ ...key, n: N(1) });
    await put(aws, TableName, { ...key, n: N(2) });
    aws.links!.restore(far.region);
    await eventually(aws, async () => expect(await glance(far, TableName)).toEqual({ ...key, n: N(2) }));
  },
);

behaviour(
  'CloudFormation makes one with its witness, and deletes it',
  {
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dynamodb-globaltable.html',
    covers: ['cloudformation:CreateStack', 'cloudformation:DeleteStack', 'dynamodb:UpdateTable'],
  },
  async (aws) => {
    const TableName = aws.name('strong');
    const far = elsewhere(aws);
    const Properties = {
      ...{ TableName, ...byId },
      MultiRegionConsistency: 'STRONG',
      GlobalTableWitnesses: [{ Region: WITNESS }],
      Replicas: [{ Region: aws.region }, { Region: far.region }],
    };
    const Resources = { Table: { Type: 'AWS::DynamoDB::GlobalTable', Properties } };
    const { StackName, StackStatus } = await create(aws, { Resources });
    expect(StackStatus).toBe('CREATE_COMPLETE');
    await put(far, TableName, key);
    expect(await get(aws, TableName, key)).toEqual(key);
    await remove(aws, StackName);
    await refused(aws.dynamodb.send(new DescribeTableCommand({ TableName })), 'ResourceNotFoundException');
  },
);
