/** A wire protocol: how a request becomes an action's input, and how its output or its refusal goes back. */
import type { ServiceError } from '../../service.ts';
import type { Front } from '../fronts.ts';
import type { WireRequest, WireResponse } from '../message.ts';
import type { Operation } from '../shapes.ts';

/** What was asked, before it is read further. */
export interface Address {
  readonly front: Front;
  readonly operation: Operation;
}

/** What an answer needs besides its content. */
export interface Reply {
  readonly request: WireRequest;
  readonly requestId: string;
}

export interface Protocol {
  /**
   * Which action is asked for.
   * @throws ServiceError when there is none of that name
   */
  find(request: WireRequest, front: Front): Operation;
  /**
   * The action's input, as the SDK's types have it.
   * @throws ServiceError `SerializationException` when the body cannot be read
   */
  read(request: WireRequest, body: Uint8Array, operation: Operation): unknown;
  write(output: unknown, address: Address, reply: Reply): WireResponse;
  /** `front` is undefined while nobody knows yet whom the request was for. */
  refuse(error: ServiceError, front: Front | undefined, reply: Reply): WireResponse;
}
