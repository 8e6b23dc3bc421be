/**
 * REST with JSON, which Lambda speaks: the action is the method and the path; members travel in the path, the query,
 * headers and the body, as the SDK's schema says of each (https://smithy.io/2.0/spec/http-bindings.html).
 */
import { ServiceError } from '../../service.ts';
import { nameError } from '../error-codes.ts';
import type { WireRequest, WireResponse } from '../message.ts';
import type { Member, Operation, Shape } from '../shapes.ts';
import { errorMembers, readBody } from './json.ts';
import { toJson } from './json-values.ts';
import type { Protocol } from './protocol.ts';
import { fromText } from './query-values.ts';
import { routeOf } from './routes.ts';

export const restJson: Protocol = {
  find(request, front) {
    const route = routeOf(front, request.method, request.path);
    if (route) return route.operation;
    throw new ServiceError(
      'NotImplemented',
      `the local cloud does not know ${request.method} ${request.path} of ${front.service}`,
      {
        status: 501,
      },
    );
  },

  read(request, body, operation) {
    const members = membersOf(operation.input);
    const payload = members.find((member) => member.traits.httpPayload);
    if (!payload) return { ...readBody(body, operation), ...readAddress(request, operation, members) };
    const content = body.byteLength === 0 ? {} : { [payload.name]: new Uint8Array(body) };
    return { ...content, ...readAddress(request, operation, members) };
  },

  write(output, { operation }, { requestId }) {
    const headers: Record<string, string> = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
    const rest: Record<string, unknown> = { ...(output as Record<string, unknown>) };
    let status = operation.traits.http?.[2] ?? 200;
    let body: WireResponse['body'] | undefined;
    for (const { name, traits } of membersOf(operation.output)) {
      const value = rest[name];
      if (traits.httpHeader !== undefined || traits.httpResponseCode || traits.httpPayload) delete rest[name];
      if (value === undefined) continue;
      if (traits.httpHeader !== undefined) headers[traits.httpHeader.toLowerCase()] = String(value);
      else if (traits.httpResponseCode) status = Number(value);
      else if (traits.httpPayload) body = value as WireResponse['body'];
    }
    const hasPayload = membersOf(operation.output).some((member) => member.traits.httpPayload);
    if (operation.output.kind === 'nothing') body = '';
    return { status, headers, body: body ?? (hasPayload ? '' : JSON.stringify(toJson(rest, operation.output))) };
  },

  refuse(error, front, { requestId }) {
    const { name, status, fault, model } = nameError(front?.service, error);
    // Lambda says whose fault it is in a member of its errors.
    const type = model?.shape.members.has('Type') ? { Type: fault === 'Sender' ? 'User' : 'Service' } : {};
    return {
      status,
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': name },
      body: JSON.stringify({ ...type, ...errorMembers(error, model?.shape) }),
    };
  },
};

const membersOf = (shape: Shape): Member[] => (shape.kind === 'structure' ? [...shape.members.values()] : []);

/** The members that are not in the body. */
function readAddress(request: WireRequest, operation: Operation, members: readonly Member[]): Record<string, unknown> {
  const [path = '/', search = ''] = request.path.split('?');
  const labels = labelsOf(operation, path);
  const query = new URLSearchParams(search);
  const input: Record<string, unknown> = {};
  for (const { name, shape, traits } of members) {
    if (traits.httpLabel) input[name] = fromText(labels.get(name) ?? '', shape, name);
    else if (traits.httpQuery !== undefined) {
      const values = query.getAll(traits.httpQuery);
      if (values.length === 0) continue;
      input[name] =
        shape.kind === 'list'
          ? values.map((value) => fromText(value, shape.of, name))
          : fromText(values[0]!, shape, name);
    } else if (traits.httpHeader !== undefined) {
      const value = request.headers[traits.httpHeader.toLowerCase()];
      if (value !== undefined) input[name] = fromText(value, shape, name);
    }
  }
  return input;
}

function labelsOf(operation: Operation, path: string): Map<string, string> {
  const labels = new Map<string, string>();
  const given = path.split('/');
  const template = operation.traits.http![1].split('/');
  for (const [at, part] of template.entries()) {
    if (part.startsWith('{')) labels.set(part.replace(/[{}+]/g, ''), decode(given[at] ?? ''));
  }
  return labels;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ServiceError('SerializationException', `'${text}' in the path is not percent-encoded UTF-8`);
  }
}
