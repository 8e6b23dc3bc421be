/** XML answers of the query protocol (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html). */
import type { Shape, Traits } from '../shapes.ts';
import { toBase64 } from './json-values.ts';

/** The members of a value as elements, by its shape. */
export function toXml(value: any, shape: Shape): string {
  if (shape.kind !== 'structure' || value === undefined || value === null) return '';
  let xml = '';
  for (const { name, shape: of, traits } of shape.members.values()) {
    if (value[name] !== undefined && value[name] !== null)
      xml += element(value[name], of, { xmlName: name, ...traits });
  }
  return xml;
}

function element(value: any, shape: Shape, traits: Traits & { xmlName: string }): string {
  const name = traits.xmlName;
  switch (shape.kind) {
    case 'structure':
      return wrap(name, toXml(value, shape));
    case 'list': {
      const item = traits.xmlFlattened ? name : (shape.traits.xmlName ?? 'member');
      const items = value.map((each: unknown) => element(each, shape.of, { xmlName: item })).join('');
      return traits.xmlFlattened ? items : wrap(name, items);
    }
    case 'map': {
      const key = shape.keyTraits.xmlName ?? 'key';
      const worth = { xmlName: 'value', ...shape.traits };
      const entries = Object.entries(value).map(([word, each]) =>
        wrap(traits.xmlFlattened ? name : 'entry', wrap(key, escaped(word)) + element(each, shape.of, worth)),
      );
      return traits.xmlFlattened ? entries.join('') : wrap(name, entries.join(''));
    }
    default:
      return wrap(name, escaped(scalar(value)));
  }
}

const scalar = (value: unknown): string =>
  value instanceof Date ? value.toISOString() : value instanceof Uint8Array ? toBase64(value) : String(value);

export const wrap = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** Text that XML can hold; a carriage return would come back as a line feed if it were not written as a reference. */
export const escaped = (text: string): string => text.replace(/[&<>"\r]/g, (character) => ESCAPES[character]!);
