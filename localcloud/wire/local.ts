/** Routes of the local cloud's own beside those of AWS: signed as any call is, and open to the administrator alone. */
import type { Cloud } from '../cloud.ts';
import { isServiceError, ServiceError } from '../service.ts';
import { type AnswerOptions, principalOf } from './answer.ts';
import { textOf, type WireRequest, type WireResponse } from './message.ts';
import { claimOf } from './signature.ts';

export interface LocalRoute {
  /** No service of AWS has a path that begins with `/_local/`. */
  readonly path: `/_local/${string}`;
  /** Takes the JSON of a POST. Never rejects. */
  readonly answer: (body: unknown) => Promise<{ readonly status: number; readonly body: unknown }>;
}

/** The answer of a route of our own; undefined for every other request. */
export function answerLocal(
  cloud: Cloud,
  request: WireRequest,
  options: AnswerOptions & { readonly routes?: readonly LocalRoute[] },
): Promise<WireResponse> | undefined {
  const route = options.routes?.find(({ path }) => path === request.path);
  return route && judged(cloud, request, { route, options });
}

async function judged(
  cloud: Cloud,
  request: WireRequest,
  { route, options }: { route: LocalRoute; options: AnswerOptions },
): Promise<WireResponse> {
  try {
    if (request.method !== 'POST') {
      throw new ServiceError('MethodNotAllowed', `${route.path} takes POST, not ${request.method}`, { status: 405 });
    }
    const { kind, ...principal } = principalOf(cloud, request, { claim: claimOf(request), options });
    if (kind !== 'admin') {
      const who = 'arn' in principal ? principal.arn : principal.service;
      const message = `${who} may not use ${route.path}; only the administrator may, who signs with the access key test`;
      throw new ServiceError('AccessDeniedException', message, { status: 403 });
    }
    return json(await route.answer(JSON.parse(textOf(request.body))));
  } catch (error) {
    if (isServiceError(error))
      return json({ status: error.status, body: { code: error.code, message: error.message } });
    const { message } = error as Error;
    return json({ status: 400, body: { code: 'SerializationException', message: `the body is not JSON: ${message}` } });
  }
}

const json = ({ status, body }: { status: number; body: unknown }): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: `${JSON.stringify(body)}\n`,
});
