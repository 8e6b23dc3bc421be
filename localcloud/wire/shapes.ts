/**
 * What the members of every request, answer and error are: read from the schemas that AWS's own SDK clients carry, so
 * that no table here can disagree with the clients. A schema is a static tuple (`@smithy/types`, `schema/static-schemas`
 * and `schema/sentinels`); the SDK's versions are pinned, and the tests speak through every client.
 */
import { createRequire } from 'node:module';
import { type Front, frontOf } from './fronts.ts';

/** What the SDK notes about a member or an error: where HTTP carries it, what XML calls it. */
export interface Traits {
  readonly xmlName?: string;
  readonly xmlFlattened?: 1;
  readonly http?: readonly [method: string, path: string, status: number];
  readonly httpQuery?: string;
  readonly httpHeader?: string;
  readonly httpLabel?: 1;
  readonly httpPayload?: 1;
  readonly httpResponseCode?: 1;
  readonly httpQueryParams?: 1;
  readonly httpError?: number;
  /** The code and the status by which the service's query protocol knows the error. */
  readonly awsQueryError?: readonly [code: string, status: number];
}

export interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly traits: Traits;
}

export interface Structure {
  readonly kind: 'structure';
  /** Filled after the shape is known by name, since shapes contain themselves (an attribute value, a filter). */
  readonly members: Map<string, Member>;
}

export type Shape =
  | Structure
  | { readonly kind: 'string' | 'number' | 'boolean' | 'blob' | 'any' | 'nothing' }
  | { readonly kind: 'timestamp'; readonly written: 'default' | 'text' | 'seconds' }
  | { readonly kind: 'list'; of: Shape; traits: Traits }
  | { readonly kind: 'map'; of: Shape; keyTraits: Traits; traits: Traits };

export interface Operation {
  readonly name: string;
  readonly traits: Traits;
  readonly input: Shape;
  readonly output: Shape;
}

export interface ErrorShape {
  /** The SDK's name of the error. */
  readonly name: string;
  readonly traits: Traits;
  readonly shape: Structure;
}

export interface Vocabulary {
  readonly operations: ReadonlyMap<string, Operation>;
  /** By the SDK's name and by the query protocol's code. */
  readonly errors: ReadonlyMap<string, ErrorShape>;
}

type Raw = any;

// Synchronous and at first use: loading all clients takes a quarter of a second, and an asynchronous load would let
// the virtual clock run ahead of the request.
const load = createRequire(import.meta.url);
const vocabularies = new Map<string, Vocabulary>();

/** What a service's client knows. */
export function vocabularyOf(front: Front): Vocabulary {
  const known = vocabularies.get(front.service);
  if (known) return known;
  const operations = new Map<string, Operation>();
  const errors = new Map<string, ErrorShape>();
  for (const [name, schema] of Object.entries<Raw>(load(front.client))) {
    if (!name.endsWith('$') || !Array.isArray(schema)) continue;
    if (schema[0] === OPERATION) operations.set(schema[2], operation(schema));
    if (schema[0] === ERROR) {
      const error = { name: schema[2], traits: traitsOf(schema[3]), shape: shapeOf(schema) as Structure };
      errors.set(error.name, error);
      const code = error.traits.awsQueryError?.[0];
      if (code !== undefined && !errors.has(code)) errors.set(code, error);
    }
  }
  const vocabulary = { operations, errors };
  vocabularies.set(front.service, vocabulary);
  return vocabulary;
}

/** The error that a code names, if the service's client models it. */
export function errorOf(service: string, code: string): ErrorShape | undefined {
  const front = frontOf(service);
  return front && vocabularyOf(front).errors.get(code);
}

const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const UNION = 4;
const OPERATION = 9;
const ERROR = -3;
const LIST_MODIFIER = 64;
const MAP_MODIFIER = 128;

const PLAIN: ReadonlyMap<number, Shape> = new Map<number, Shape>([
  [0, { kind: 'string' }],
  [1, { kind: 'number' }],
  [2, { kind: 'boolean' }],
  [4, { kind: 'timestamp', written: 'default' }],
  [5, { kind: 'timestamp', written: 'text' }],
  [7, { kind: 'timestamp', written: 'seconds' }],
  [15, { kind: 'any' }],
  [17, { kind: 'number' }],
  [19, { kind: 'number' }],
  [21, { kind: 'blob' }],
  [42, { kind: 'blob' }],
]);

const shapes = new Map<Raw, Shape>();

function operation(schema: Raw): Operation {
  const [, , name, traits, input, output] = schema;
  // Lazy: a client has up to 180 actions, of which a run uses ten.
  return {
    name,
    traits: traitsOf(traits),
    get input() {
      return shapeOf(input);
    },
    get output() {
      return shapeOf(output);
    },
  };
}

function shapeOf(reference: Raw): Shape {
  const known = shapes.get(reference);
  if (known) return known;
  const schema = typeof reference === 'function' ? reference() : reference;
  const shape = shapes.get(schema) ?? (typeof schema === 'number' ? numbered(schema) : built(schema));
  shapes.set(reference, shape);
  return shape;
}

function numbered(schema: number): Shape {
  if (schema >= MAP_MODIFIER) return { kind: 'map', of: shapeOf(schema - MAP_MODIFIER), keyTraits: {}, traits: {} };
  if (schema >= LIST_MODIFIER) return { kind: 'list', of: shapeOf(schema - LIST_MODIFIER), traits: {} };
  return PLAIN.get(schema) ?? { kind: 'any' };
}

function built(schema: Raw): Shape {
  if (schema === 'unit') return { kind: 'nothing' };
  const [kind, , , , first, second] = schema;
  if (kind === LIST) {
    const list = { kind: 'list', of: { kind: 'any' } as Shape, traits: memberOf('', first).traits } as const;
    shapes.set(schema, list);
    return Object.assign(list, { of: memberOf('', first).shape });
  }
  if (kind === MAP) {
    const map = { kind: 'map', of: { kind: 'any' } as Shape, keyTraits: {}, traits: {} } as const;
    shapes.set(schema, map);
    const { shape, traits } = memberOf('', second);
    return Object.assign(map, { of: shape, traits, keyTraits: memberOf('', first).traits });
  }
  if (kind === STRUCTURE || kind === UNION || kind === ERROR) {
    const structure: Structure = { kind: 'structure', members: new Map() };
    shapes.set(schema, structure);
    for (const [at, name] of first.entries()) structure.members.set(name, memberOf(name, second[at]));
    return structure;
  }
  return shapeOf(first);
}

/** A member is a reference to a schema, or a pair of that and its traits. */
function memberOf(name: string, reference: Raw): Member {
  const annotated = Array.isArray(reference) && reference.length === 2;
  return {
    name,
    shape: shapeOf(annotated ? reference[0] : reference),
    traits: traitsOf(annotated ? reference[1] : 0),
  };
}

/** The SDK packs the commonest traits into the bits of a number (`@smithy/core`, `translateTraits`). */
function traitsOf(traits: Raw): Traits {
  if (typeof traits !== 'number') return traits;
  return {
    ...(traits & 1 ? { httpLabel: 1 } : {}),
    ...(traits & 16 ? { httpPayload: 1 } : {}),
    ...(traits & 32 ? { httpResponseCode: 1 } : {}),
    ...(traits & 64 ? { httpQueryParams: 1 } : {}),
  };
}
