/** A cloud of services that say what a test tells them to, behind the real front, and requests signed by hand. */
import { createHash, createHmac } from 'node:crypto';
import { createCloud } from '../../../localcloud/cloud.ts';
import type { Action, Call, Service } from '../../../localcloud/service.ts';
import { sts } from '../../../localcloud/sts/index.ts';
import type { AnswerOptions, WireRequest } from '../../../localcloud/wire/answer.ts';
import { type Serving, serve } from '../../../localcloud/wire/http.ts';

export const NOW = Date.UTC(2026, 0, 5, 8);

/** What each action of each service answers. */
export type Script = Record<string, Record<string, Action<unknown>>>;

export type SeenCall = Call & { readonly input: any };

export function stubCloud(script: Script, clock: () => number = () => NOW) {
  const seen: SeenCall[] = [];
  const services = Object.entries(script).map(([name, actions]): Service => {
    if (name === 'sts') return { ...sts, actions: { ...sts.actions, ...actions } };
    return { name, create: () => ({}), actions };
  });
  if (!script.sts) services.push(sts);
  const cloud = createCloud({
    services,
    clock,
    seed: 'wire',
    gate: { before: (call) => seen.push(call) },
    perform: () => {},
  });
  return { cloud, seen };
}

export interface Stub extends Serving {
  readonly cloud: ReturnType<typeof stubCloud>['cloud'];
  /** The calls that reached the cloud. */
  readonly seen: SeenCall[];
  /** Settings for an SDK client: one attempt, the administrator's key. */
  readonly settings: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    maxAttempts: number;
  };
}

/** The SDK signs with the machine's time and the stub's clock stands still, so the skew is not judged unless a test says so. */
export async function serveStub(script: Script, options: AnswerOptions = {}): Promise<Stub> {
  const { cloud, seen } = stubCloud(script);
  const serving = await serve(cloud, { port: 0, clockSkew: Number.POSITIVE_INFINITY, ...options });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return {
    ...serving,
    cloud,
    seen,
    settings: { endpoint: serving.endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 },
  };
}

export interface ToSign {
  readonly service: string;
  readonly region?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly secret?: string;
  readonly accessKeyId?: string;
  /** Milliseconds since 1970. */
  readonly at?: number;
}

/** Signs a plain request as the specification says, apart from the code under test. Only for paths and queries without escapes. */
export function signed(request: ToSign): WireRequest {
  const { service, region = 'eu-west-1', method = 'POST', path = '/', body = '', secret = 'test', at = NOW } = request;
  const time = `${new Date(at).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
  const day = time.slice(0, 8);
  const headers: Record<string, string> = { host: 'localhost', 'x-amz-date': time, ...request.headers };
  const names = Object.keys(headers).sort();
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const [place, query = ''] = path.split('?');
  const lines = names.map((name) => `${name}:${headers[name]}`);
  const canonical = [method, place, query, ...lines, '', names.join(';'), sha256(body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), 'aws4_request');
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex');
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${request.accessKeyId ?? 'test'}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { method, path, headers, body: Buffer.from(body) };
}
