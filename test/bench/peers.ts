/**
 * The local cloud against other emulators: the same clients, one run, in turn, and as ratios. The AWS SDK in this process
 * costs more than any of the servers (some 350 µs a call, where they cost 70 to 100), which bounds every ratio of times: a
 * server that cost nothing would come to 1.2. So the servers' own use of the processors is compared beside them; the cores
 * without either are in `cores.ts`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Figure, median } from './figures.ts';

const folder = import.meta.dirname;

interface Server {
  readonly endpoint: string;
  /** Microseconds of the processors that the server has used so far. */
  cpu(): Promise<number>;
  stop(): void;
}

/** Starts a server program and waits for the line with its endpoint. */
function serve(program: string): Promise<Server> {
  // As `npm start` starts the local cloud; the peers get the same.
  const flags = ['--max-semi-space-size=64', '--import', `${folder}/servers/cpu.mjs`];
  const child = spawn(process.execPath, [...flags, `${folder}/servers/${program}`], {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  });
  const cpu = () =>
    new Promise<number>((resolve) => {
      child.once('message', (microseconds) => resolve(Number(microseconds)));
      child.send('cpu');
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
    child.stdout!.once('data', (line) => {
      resolve({ endpoint: String(line).trim(), cpu, stop: () => child.stdin!.end() });
    });
  });
}

const options = (endpoint: string) => ({
  endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  useQueueUrlAsEndpoint: false,
});

let queues = 0;

/** Sends, receives and deletes `count` messages of a FIFO queue, ten at a time. Returns messages per second. */
async function fifo({ endpoint }: Server, { count, groups }: { count: number; groups: number }): Promise<number> {
  const sqs = new SQSClient(options(endpoint));
  const QueueName = `bench-${++queues}.fifo`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true' } }));
  const MessageBody = 'x'.repeat(400);
  const started = performance.now();
  for (let at = 0; at < count; at += 10) {
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: String(index),
      MessageBody,
      MessageGroupId: `group-${(at + index) % groups}`,
      MessageDeduplicationId: `message-${at + index}`,
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
  for (let done = 0; done < count; ) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) throw new Error(`${endpoint} gave nothing, ${count - done} messages are left`);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle: ReceiptHandle! }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    done += Messages.length;
  }
  return (1000 * count) / (performance.now() - started);
}

let tables = 0;

/** The two writes of Powertools' idempotency, `count` times. Returns pairs per second. */
async function pairs({ endpoint }: Server, count: number): Promise<number> {
  const dynamodb = new DynamoDBClient(options(endpoint));
  const TableName = `bench-${++tables}`;
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 10, minDelay: 1 }, { TableName });
  const names = { '#id': 'id', '#expiry': 'expiration', '#status': 'status', '#lease': 'in_progress_expiration' };
  const started = performance.now();
  for (let n = 0; n < count; n++) {
    const id = { S: `stage#event-${n}` };
    await dynamodb.send(
      new PutItemCommand({
        TableName,
        Item: {
          id,
          expiration: { N: '1900000000' },
          status: { S: 'INPROGRESS' },
          in_progress_expiration: { N: '1800000000000' },
        },
        ConditionExpression:
          'attribute_not_exists(#id) OR #expiry < :now OR (#status = :inprogress AND attribute_exists(#lease) AND #lease < :now_ms)',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: {
          ':now': { N: '1790000000' },
          ':now_ms': { N: '1790000000000' },
          ':inprogress': { S: 'INPROGRESS' },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    await dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key: { id },
        UpdateExpression: 'SET #data = :data, #expiry = :expiry, #status = :status',
        ExpressionAttributeNames: { '#data': 'data', '#expiry': 'expiration', '#status': 'status' },
        ExpressionAttributeValues: {
          ':data': { S: 'done' },
          ':expiry': { N: '1900000000' },
          ':status': { S: 'COMPLETED' },
        },
      }),
    );
  }
  return (1000 * count) / (performance.now() - started);
}

/**
 * How many rounds do not count: servers are compared when they are warm. The local cloud has more code than its peers, and
 * takes some ten thousand calls until all of it is compiled; in its first rounds it is the slower one.
 */
const WARMING = 20;
const ROUNDS = 25;

/** What a server did in a second, and the microseconds of the processors that it took for the whole round. */
interface Round {
  readonly rate: number;
  readonly cpu: number;
}

/** Measures both in turn and gives medians and the medians of the pairwise ratios; more than 1 is in our favour. */
async function inTurn(
  what: string,
  {
    ours,
    theirs,
    name,
    measure,
  }: { ours: Server; theirs: Server; name: string; measure: (server: Server) => Promise<number> },
): Promise<readonly Figure[]> {
  const rounds: { our: Round; their: Round }[] = [];
  const once = async (server: Server): Promise<Round> => {
    const before = await server.cpu();
    const rate = await measure(server);
    return { rate, cpu: (await server.cpu()) - before };
  };
  for (let round = -WARMING; round < ROUNDS; round++) {
    // Who is second in a round finds the processor as the first has left it, so they take turns in that as well.
    const first = round % 2 === 0 ? await once(ours) : undefined;
    const their = await once(theirs);
    const our = first ?? (await once(ours));
    if (round >= 0) rounds.push({ our, their });
  }
  const cpu = rounds.map(({ our, their }) => their.cpu / our.cpu);
  return [
    { what: `${what}: the local cloud`, value: median(rounds.map(({ our }) => our.rate)), unit: '/s' },
    { what: `${what}: ${name}`, value: median(rounds.map(({ their }) => their.rate)), unit: '/s' },
    { what: `${what}: ratio`, value: median(rounds.map(({ our, their }) => our.rate / their.rate)), unit: '×' },
    { what: `${what}: ratio of the servers' own CPU, without the client's`, value: median(cpu), unit: '×' },
  ];
}

export async function peers(): Promise<readonly Figure[]> {
  if (!existsSync(`${folder}/peers/node_modules`)) {
    spawnSync('npm', ['ci', '--ignore-scripts', '--prefix', `${folder}/peers`], { stdio: 'inherit' });
  }
  const [ours, fauxqs, dynalite] = await Promise.all(['local.ts', 'fauxqs.mjs', 'dynalite.mjs'].map(serve));
  try {
    const queue = (groups: number) => (server: Server) => fifo(server, { count: 2000, groups });
    return [
      ...(await inTurn('FIFO messages, 50 groups', {
        ours: ours!,
        theirs: fauxqs!,
        name: 'fauxqs',
        measure: queue(50),
      })),
      ...(await inTurn('FIFO messages, 1 group', { ours: ours!, theirs: fauxqs!, name: 'fauxqs', measure: queue(1) })),
      ...(await inTurn('idempotency pairs', {
        ours: ours!,
        theirs: dynalite!,
        name: 'dynalite',
        measure: (server) => pairs(server, 250),
      })),
    ];
  } finally {
    for (const server of [ours, fauxqs, dynalite]) server!.stop();
  }
}
