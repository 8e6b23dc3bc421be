/**
 * One error, two names: the JSON protocols and the SDK say `QueueDoesNotExist` and `AccessDeniedException` where the
 * query protocol says `AWS.SimpleQueueService.NonExistentQueue` and `AccessDenied`. The cores may throw either.
 */
import type { ServiceError } from '../service.ts';
import { type ErrorShape, errorOf } from './shapes.ts';

/** Errors of every service, which no client models. Source: the "Common Errors" page of each service's API reference. */
const COMMON: readonly (readonly [json: string, query: string])[] = [
  ['AccessDeniedException', 'AccessDenied'],
  ['ExpiredTokenException', 'ExpiredToken'],
  ['IncompleteSignatureException', 'IncompleteSignature'],
  ['InvalidSignatureException', 'SignatureDoesNotMatch'],
  ['MissingAuthenticationTokenException', 'MissingAuthenticationToken'],
  ['SerializationException', 'MalformedInput'],
  ['ThrottlingException', 'Throttling'],
  ['UnknownOperationException', 'InvalidAction'],
  ['UnrecognizedClientException', 'InvalidClientTokenId'],
  ['ValidationException', 'ValidationError'],
];
const toQuery = new Map(COMMON);
const toJson = new Map(COMMON.map(([json, query]) => [query, json]));

export interface NamedError {
  /** As the JSON protocols and the SDK call it. */
  readonly name: string;
  /** As the query protocol calls it. */
  readonly queryCode: string;
  readonly status: number;
  /** Whose fault it is. */
  readonly fault: 'Sender' | 'Receiver';
  readonly model: ErrorShape | undefined;
}

/** How a service names an error on the wire. The status that the core chose goes before the one that the service models. */
export function nameError(service: string | undefined, error: ServiceError): NamedError {
  const model = service === undefined ? undefined : errorOf(service, error.code);
  const status = error.status !== 400 ? error.status : (model?.traits.httpError ?? 400);
  return {
    name: model?.name ?? toJson.get(error.code) ?? error.code,
    queryCode: model?.traits.awsQueryError?.[0] ?? (model ? model.name : (toQuery.get(error.code) ?? error.code)),
    status,
    fault: status < 500 ? 'Sender' : 'Receiver',
    model,
  };
}
