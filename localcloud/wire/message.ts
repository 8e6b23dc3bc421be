/** A request and an answer as HTTP has them, without a socket. */
export interface WireRequest {
  readonly method: string;
  /** As sent, percent-encoded, with the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface WireResponse {
  /** `NO_ANSWER`: the connection breaks instead. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** The status of an answer that never arrives: the transport closes the connection, and the client cannot know what became of its request. */
export const NO_ANSWER = 0;

const utf8 = new TextDecoder();
export const textOf = (bytes: Uint8Array): string => utf8.decode(bytes);
