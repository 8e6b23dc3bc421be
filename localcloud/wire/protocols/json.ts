/**
 * AWS JSON 1.0 and 1.1: the action in `x-amz-target`, everything else in the body. SQS and CloudWatch add the query
 * protocol's name of an error in `x-amzn-query-error`, since their clients once spoke that.
 */
import { ServiceError } from '../../service.ts';
import { nameError } from '../error-codes.ts';
import type { Front } from '../fronts.ts';
import { textOf, type WireRequest } from '../message.ts';
import { type Operation, type Structure, vocabularyOf } from '../shapes.ts';
import { fromJson, needsWriting, toJson } from './json-values.ts';
import type { Protocol } from './protocol.ts';

export const json: Protocol = {
  find(request, front) {
    const [target, action] = split(request.headers['x-amz-target'] ?? '');
    if (target !== front.target) {
      throw new ServiceError(
        'UnknownOperationException',
        `${target}.${action} is no action of ${front.service}, for which the request was signed; its prefix is ${front.target}`,
      );
    }
    return named(front, action);
  },

  read: (_request, body, operation) => readBody(body, operation),

  write: (output, { operation }, { request, requestId }) => ({
    status: 200,
    headers: { 'content-type': contentType(request), 'x-amzn-requestid': requestId },
    body: writeBody(output ?? {}, operation),
  }),

  refuse(error, front, { request, requestId }) {
    const { name, queryCode, status, fault, model } = nameError(front?.service, error);
    const headers: Record<string, string> = { 'content-type': contentType(request), 'x-amzn-requestid': requestId };
    if (request.headers['x-amzn-query-mode'] === 'true') headers['x-amzn-query-error'] = `${queryCode};${fault}`;
    const prefix = model ? (front?.errorPrefix ?? '') : front?.errorPrefix ? 'com.amazon.coral.service#' : '';
    const body = { __type: prefix + name, ...errorMembers(error, model?.shape) };
    return { status, headers, body: JSON.stringify(body) };
  },
};

const split = (target: string): [string, string] => {
  const dot = target.lastIndexOf('.');
  return [target.slice(0, Math.max(0, dot)), target.slice(dot + 1)];
};

const contentType = (request: WireRequest): string => request.headers['content-type'] ?? 'application/x-amz-json-1.0';

/**
 * The action of a service that has this name.
 * @throws ServiceError `NotImplemented`, 501
 */
export function named(front: Front, action: string): Operation {
  const operation = vocabularyOf(front).operations.get(action);
  if (operation) return operation;
  throw new ServiceError('NotImplemented', `the local cloud does not know ${front.service}:${action}`, { status: 501 });
}

/** @throws ServiceError `SerializationException` */
export function readBody(body: Uint8Array, operation: Operation): any {
  if (body.byteLength === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(textOf(body));
  } catch (error) {
    throw new ServiceError('SerializationException', `the body is not JSON: ${(error as Error).message}`);
  }
  return fromJson(value, operation.input.kind === 'nothing' ? NO_MEMBERS : operation.input);
}

const NO_MEMBERS: Structure = { kind: 'structure', members: new Map() };

const writeBody = (output: unknown, operation: Operation): string =>
  JSON.stringify(needsWriting(operation.output) ? toJson(output, operation.output) : output);

/** The message under the name that the service gives it, and what else the error says. */
export function errorMembers(error: ServiceError, shape: Structure | undefined): Record<string, unknown> {
  const message = shape?.members.has('Message') ? 'Message' : 'message';
  return { [message]: error.message, ...(shape ? toJson(error.fields, shape) : error.fields) };
}
