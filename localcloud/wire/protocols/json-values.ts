/**
 * Values of the JSON protocols: a blob travels as base64 and a timestamp as seconds since 1970, where the SDK's types
 * and the cores have Uint8Array and Date (https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html).
 */
import { ServiceError } from '../../service.ts';
import type { Shape } from '../shapes.ts';

/**
 * Reads a value by its shape. Members that the shape does not have are left as they are: the action refuses them by name.
 * @throws ServiceError `SerializationException` for a value of the wrong type
 */
export function fromJson(value: any, shape: Shape): any {
  try {
    return read(value, shape);
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    const place = error.path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`));
    const where = place.length === 0 ? 'the body' : place.join('');
    throw new ServiceError('SerializationException', `${where} must be ${error.wanted}, but is ${error.given}`);
  }
}

/** A value of the wrong type. Where it stands is put together on the way out, so that right values cost nothing. */
class WrongValue extends Error {
  readonly path: (string | number)[] = [];
  readonly wanted: string;
  readonly given: string;

  constructor(value: unknown, wanted: string) {
    super(wanted);
    this.wanted = wanted;
    this.given = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  }
}

function read(value: any, shape: Shape): any {
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string' ? value : wrong(value, 'a string');
    case 'number':
      return typeof value === 'number' ? value : SPECIAL.has(value) ? Number(value) : wrong(value, 'a number');
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong(value, 'a boolean');
    case 'blob':
      return typeof value === 'string' ? fromBase64(value) : wrong(value, 'a base64 string');
    case 'timestamp':
      return timeOf(value) ?? wrong(value, 'a timestamp');
    case 'list':
      if (!Array.isArray(value)) return wrong(value, 'a list');
      for (let at = 0; at < value.length; at++) readPart(value, at, shape.of);
      return value;
    case 'map':
      for (const key in record(value)) readPart(value, key, shape.of);
      return value;
    case 'structure':
      for (const key in record(value)) {
        // AWS takes null for absent.
        if (value[key] === null) delete value[key];
        else {
          const member = shape.members.get(key);
          if (member) readPart(value, key, member.shape);
        }
      }
      return value;
    default:
      return value;
  }
}

function readPart(whole: any, step: string | number, shape: Shape): void {
  try {
    const value = read(whole[step], shape);
    if (value !== whole[step]) whole[step] = value;
  } catch (error) {
    if (error instanceof WrongValue) error.path.unshift(step);
    throw error;
  }
}

/** Numbers that JSON has no word for. */
const SPECIAL: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity']);

const record = (value: any): object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : wrong(value, 'an object');

function wrong(value: unknown, wanted: string): never {
  throw new WrongValue(value, wanted);
}

/** A copy that owns its memory: Node cuts small buffers from a shared pool, and a core keeps what it is given. */
export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

export const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** Seconds since 1970, or text as ISO 8601 has it; undefined if it is neither. */
export function timeOf(value: unknown): Date | undefined {
  const time = new Date(typeof value === 'number' ? value * 1000 : typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** Whether values of this shape, or anything in them, look different in JSON. */
export function needsWriting(shape: Shape): boolean {
  const known = needing.get(shape);
  if (known !== undefined) return known;
  const needs = reaches(shape, new Set());
  needing.set(shape, needs);
  return needs;
}

const needing = new WeakMap<Shape, boolean>();

function reaches(shape: Shape, seen: Set<Shape>): boolean {
  if (seen.has(shape)) return false;
  seen.add(shape);
  if (shape.kind === 'blob' || shape.kind === 'timestamp') return true;
  if (shape.kind === 'list' || shape.kind === 'map') return reaches(shape.of, seen);
  return shape.kind === 'structure' && [...shape.members.values()].some((member) => reaches(member.shape, seen));
}

/**
 * Writes a value by its shape, leaving the original alone: it may be a core's own state. What looks the same in JSON is
 * not copied: ten messages without attributes have nothing to be written otherwise.
 */
export function toJson(value: any, shape: Shape): any {
  if (value === undefined || value === null) return undefined;
  switch (shape.kind) {
    case 'blob':
      return value instanceof Uint8Array ? toBase64(value) : value;
    case 'timestamp':
      if (!(value instanceof Date)) return value;
      return shape.written === 'text' ? value.toISOString() : value.getTime() / 1000;
    case 'list': {
      let written = value;
      for (let at = 0; at < value.length; at++) {
        const item = toJson(value[at], shape.of) ?? null;
        if (item === value[at]) continue;
        if (written === value) written = [...value];
        written[at] = item;
      }
      return written;
    }
    case 'map': {
      const written: Record<string, unknown> = {};
      for (const key in value) written[key] = toJson(value[key], shape.of);
      return written;
    }
    case 'structure': {
      let written = value;
      for (const key in value) {
        const member = shape.members.get(key);
        const part = member ? toJson(value[key], member.shape) : value[key];
        if (part === value[key]) continue;
        if (written === value) written = { ...value };
        written[key] = part;
      }
      return written;
    }
    default:
      return value;
  }
}
