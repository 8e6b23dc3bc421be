/**
 * What AWS's clients send nearly always: a POST to `/`, whole, on a connection that stays. Everything else that HTTP/1.1
 * allows, and all that it forbids, is left to `node:http`, so this reads only what nobody could read in another way.
 */
import type { WireRequest } from './message.ts';

const FIRST_LINE = 'POST / HTTP/1.1\r\n';

/** The request that these bytes are, no more and no less; undefined where they are anything else, be it legal or not. */
export function plainRequest(bytes: Buffer): WireRequest | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const headers = headersOf(bytes.toString('latin1', 0, end));
  if (headers === undefined || !isPlain(headers)) return undefined;
  const body = bytes.subarray(end + 4);
  if (headers['content-length'] !== String(body.length)) return undefined;
  return { method: 'POST', path: '/', headers, body };
}

type Headers = Record<string, string>;

/** Whether there is no question of where the body ends and what becomes of the connection. */
const isPlain = (headers: Headers): boolean =>
  headers.host !== undefined &&
  headers.expect === undefined &&
  headers.upgrade === undefined &&
  headers['transfer-encoding'] === undefined &&
  (headers.connection === undefined || /^keep-alive$/i.test(headers.connection));

/** Control characters, and line ends that are not whole (RFC 9110, section 5.5; RFC 9112, section 2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n/;

/** Names in lower case; undefined when a name comes twice, or a line is not `name: value` with exactly one blank. */
function headersOf(head: string): Headers | undefined {
  if (!head.startsWith(FIRST_LINE) || FORBIDDEN.test(head)) return undefined;
  const headers: Headers = {};
  for (let start = FIRST_LINE.length; start < head.length; ) {
    const colon = head.indexOf(': ', start);
    if (colon < 0) return undefined;
    const lineEnd = head.indexOf('\r\n', colon);
    const end = lineEnd < 0 ? head.length : lineEnd;
    const name = nameOf(head.slice(start, colon));
    if (name === undefined || Object.hasOwn(headers, name)) return undefined;
    if (isBlank(head, colon + 2) || isBlank(head, end - 1)) return undefined;
    headers[name] = head.slice(colon + 2, end);
    start = end + 2;
  }
  return headers;
}

/** An empty value ends with the blank after its colon, and so is not plain either. */
const isBlank = (text: string, at: number): boolean => text[at] === ' ' || text[at] === '\t';

/** Names as they were sent, and in lower case: clients use some twenty, and a look costs less than a check. */
const names = new Map<string, string>();
const NAMES_KEPT = 1000;

/** Undefined for what is no name (RFC 9110, section 5.6.2), and for the one that an object takes for its own. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text) || text === '__proto__') return undefined;
  if (names.size >= NAMES_KEPT) names.delete(names.keys().next().value!);
  const name = text.toLowerCase();
  names.set(text, name);
  return name;
}
