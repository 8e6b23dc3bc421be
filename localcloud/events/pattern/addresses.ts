/** IP addresses and blocks of them, as numbers. */
import { isIPv4, isIPv6 } from 'node:net';
import { refusePattern } from './refusal.ts';

export interface Address {
  readonly bits: 32 | 128;
  readonly number: bigint;
}

/** The address that a text denotes, or undefined if it denotes none. */
export function addressOf(text: string): Address | undefined {
  if (isIPv4(text)) return { bits: 32, number: quad(text) };
  if (isIPv6(text) && !text.includes('%')) return { bits: 128, number: hextets(text) };
  return undefined;
}

const quad = (text: string): bigint => text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);

function hextets(text: string): bigint {
  // An address may end in an IPv4 one (::ffff:10.0.0.1): write that as two hextets first.
  const dotted = /[^:]+\.[^:]+$/.exec(text)?.[0];
  const plain = dotted ? text.slice(0, -dotted.length) + lastTwo(quad(dotted)) : text;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...middle, ...right].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}

const lastTwo = (number: bigint): string => `${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;

/** A block in CIDR notation as the addresses between which it lies. As in AWS's engine it begins at the address given, not at the mask's. */
export function blockOf(text: string): { readonly bits: number; readonly first: bigint; readonly last: bigint } {
  const [base = '', mask, ...more] = text.split('/');
  if (mask === undefined || more.length > 0) refusePattern("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(mask)) refusePattern('Malformed CIDR, mask bits must be an integer');
  if (Number(mask) < 0) refusePattern('Malformed CIDR, mask bits must not be negative');
  const address = addressOf(base) ?? refusePattern(`Nonstandard IP address: ${base}`);
  if (Number(mask) >= address.bits) {
    refusePattern(address.bits === 32 ? 'IPv4 mask bits must be < 32' : 'IPv6 mask bits must be < 128');
  }
  const host = (1n << BigInt(address.bits - Number(mask))) - 1n;
  return { bits: address.bits, first: address.number, last: address.number | host };
}
