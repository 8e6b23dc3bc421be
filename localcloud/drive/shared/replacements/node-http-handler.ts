/**
 * Stands in shared libraries for `@smithy/node-http-handler`: hands a request to the cloud as it is, without a socket, its
 * agents and its streams, which are half of an SDK call. Timeouts, aborts and lost answers look as they do there.
 */
import { buildQueryString, HttpResponse } from '@smithy/core/protocols';
import { elsewhere, isHere, type Limits, within } from './within.ts';

export { streamCollector } from '@smithy/core/serde';
export const DEFAULT_REQUEST_TIMEOUT = 0;

const { send } = require('localcloud:wire');

type Given = Limits | (() => Promise<Limits>) | undefined;

export class NodeHttpHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  /** Calls may go past it, to the same place. */
  readonly isDirect = true;
  #given: Given;

  static create(given: any): any {
    return typeof given?.handle === 'function' ? given : new NodeHttpHandler(given);
  }

  constructor(given?: Given) {
    this.#given = given;
  }

  async limits(): Promise<Limits> {
    if (typeof this.#given === 'function') this.#given = await this.#given();
    return this.#given ?? {};
  }

  async handle(request: any, { abortSignal, requestTimeout }: Limits = {}): Promise<{ response: unknown }> {
    const limits = await this.limits();
    if (!isHere(request)) throw elsewhere(request);
    const query = request.query ? buildQueryString(request.query) : '';
    const sent = {
      method: request.method,
      path: query ? `${request.path}?${query}` : request.path,
      headers: lowerCase(request.headers),
      body: typeof request.body === 'string' ? Buffer.from(request.body) : (request.body ?? new Uint8Array()),
    };
    const { status, headers, body } = await within(
      { ...limits, ...(abortSignal && { abortSignal }), ...(requestTimeout !== undefined && { requestTimeout }) },
      (arrived) => send(sent, arrived),
    );
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    return { response: new HttpResponse({ statusCode: status, reason: '', headers: lowerCase(headers), body: bytes }) };
  }

  updateHttpClientConfig(key: string, value: unknown): void {
    const given = this.#given;
    this.#given = async () => ({ ...(typeof given === 'function' ? await given() : given), [key]: value });
  }
  httpHandlerConfigs(): object {
    return typeof this.#given === 'object' ? this.#given : {};
  }
  destroy(): void {}
}

const lowerCase = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
