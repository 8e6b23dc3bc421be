/**
 * A payment gateway on loopback, for tests and demonstrations: it moves no money, keeps a ledger by idempotency key as a
 * real one does, and can be told to misbehave. It knows nothing of the local cloud.
 *
 * `node test/lib/outside/loopback-gateway.ts 4571` runs it; `curl -X PUT 127.0.0.1:4571/mood -d down` spoils it, and
 * `curl 127.0.0.1:4571/ledger` shows what it has done.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Mood =
  /** Acts and answers. */
  | 'well'
  /** Acts, and does not answer until its mood changes. */
  | 'slow'
  /** Acts, and answers what is no answer. */
  | 'garbage'
  /** 500, and does not act. */
  | 'failing'
  /** 429, and does not act. */
  | 'busy'
  /** 404 to everything, and does not act. */
  | 'strange'
  /** Breaks every connection. */
  | 'down';

const moods: readonly string[] = ['well', 'slow', 'garbage', 'failing', 'busy', 'strange', 'down'] satisfies Mood[];

/** What was done, once for each operation and key. */
export interface Entry {
  readonly operation: string;
  readonly key: string;
  readonly request: any;
  readonly answer: object;
}

export interface LoopbackGateway {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  readonly ledger: readonly Entry[];
  /** How often it was called, in whatever mood. */
  readonly calls: number;
  mood: Mood;
  /** Requests that are answered with 500 whatever the mood. */
  spoils?: (request: any) => boolean;
  close(): Promise<void>;
}

/** Starts a gateway. Cards whose token begins with `declined` are declined. */
export async function loopbackGateway(port = 0): Promise<LoopbackGateway> {
  const ledger = new Map<string, Entry>();
  const held: (() => void)[] = [];
  let calls = 0;
  let mood: Mood = 'well';

  const server = createServer(async (incoming, response) => {
    if (incoming.url === '/ledger') return say(response, 200, [...ledger.values()]);
    const body = await bodyOf(incoming);
    if (incoming.url === '/mood') {
      if (!moods.includes(body)) return say(response, 400, { allowed: moods });
      gateway.mood = body as Mood;
      return say(response, 200, { mood });
    }
    calls++;
    if (mood === 'down') return void incoming.socket.destroy();
    if (mood === 'failing') return say(response, 500, { error: 'internal' });
    if (mood === 'busy') return say(response, 429, { error: 'too many requests' });
    const operation = incoming.url!.slice(1);
    if (mood === 'strange' || !(operation in acts)) return say(response, 404, { error: 'no such path' });
    const request = JSON.parse(body);
    if (gateway.spoils?.(request)) return say(response, 500, { error: 'internal' });
    const key = String(incoming.headers['idempotency-key']);
    const answer = ledger.get(`${operation} ${key}`)?.answer ?? acts[operation]!(request);
    ledger.set(`${operation} ${key}`, { operation, key, request, answer });
    const reply = () => say(response, 'declined' in answer ? 402 : 200, answer);
    if (mood === 'slow') held.push(reply);
    else if (mood === 'garbage') response.end('<html>It works!</html>');
    else reply();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  const gateway: LoopbackGateway = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get ledger() {
      return [...ledger.values()];
    },
    get calls() {
      return calls;
    },
    get mood() {
      return mood;
    },
    set mood(next) {
      mood = next;
      for (const reply of held.splice(0)) reply();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return gateway;
}

const acts: Readonly<Record<string, (request: any) => object>> = {
  charges: ({ orderId, cardToken }) =>
    cardToken.startsWith('declined') ? { declined: 'insufficient funds' } : { paymentId: `pay-${orderId}` },
  refunds: ({ paymentId }) => ({ refundId: `ref-${paymentId}` }),
};

const say = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

if (import.meta.main) console.log((await loopbackGateway(Number(process.argv[2] ?? 4571))).address);
