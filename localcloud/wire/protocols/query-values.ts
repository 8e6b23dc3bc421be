/**
 * Values of the query protocol: a form whose names are paths, `Tags.member.1.Key=team`. The shape says what is a list,
 * a map or a number, since the form itself does not.
 */
import { ServiceError } from '../../service.ts';
import type { Member, Shape } from '../shapes.ts';
import { fromBase64, timeOf } from './json-values.ts';

/** A form taken apart at the dots of its names. */
export interface Branch {
  text?: string;
  readonly under: Map<string, Branch>;
}

export function treeOf(form: URLSearchParams): Branch {
  const root: Branch = { under: new Map() };
  for (const [name, text] of form) name.split('.').reduce(grow, root).text = text;
  return root;
}

function grow(branch: Branch, part: string): Branch {
  const next = branch.under.get(part) ?? { under: new Map() };
  branch.under.set(part, next);
  return next;
}

/**
 * Reads a structure's members. Parameters that it does not have are handed on as text under their own name: the action
 * refuses them.
 * @throws ServiceError `SerializationException`
 */
export function fromForm(tree: Branch, shape: Shape): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  const read = new Set<string>();
  if (shape.kind === 'structure') {
    for (const member of shape.members.values()) {
      const name = member.traits.xmlName ?? member.name;
      // SQS has two members of one name, AttributeNames and its successor MessageSystemAttributeNames: the first has it.
      const branch = read.has(name) ? undefined : tree.under.get(name);
      read.add(name);
      if (branch) value[member.name] = fromBranch(branch, member);
    }
  }
  for (const [name, branch] of tree.under) {
    if (!read.has(name)) value[name] = branch.text ?? Object.fromEntries(branch.under);
  }
  return value;
}

function fromBranch(branch: Branch, { name, shape, traits }: Member): unknown {
  switch (shape.kind) {
    case 'structure':
      return fromForm(branch, shape);
    case 'list': {
      const items = traits.xmlFlattened ? branch : branch.under.get(shape.traits.xmlName ?? 'member');
      return numbered(items).map((item) => fromBranch(item, { name, shape: shape.of, traits: {} }));
    }
    case 'map': {
      const entries = numbered(traits.xmlFlattened ? branch : branch.under.get('entry')).map((entry) => {
        const key = entry.under.get(shape.keyTraits.xmlName ?? 'key')?.text ?? '';
        const worth = entry.under.get(shape.traits.xmlName ?? 'value') ?? { text: '', under: new Map() };
        return [key, fromBranch(worth, { name: key, shape: shape.of, traits: {} })];
      });
      return Object.fromEntries(entries);
    }
    default:
      return fromText(branch.text ?? '', shape, name);
  }
}

/** `1`, `2`, `3` in their order. An empty list is sent as its bare name, and has none. */
const numbered = (branch: Branch | undefined): Branch[] =>
  [...(branch?.under ?? [])].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);

/** A single value from text, as forms, query strings and headers have it. */
export function fromText(text: string, shape: Shape, name: string): unknown {
  switch (shape.kind) {
    case 'number': {
      const number = Number(text);
      if (text.trim() === '' || Number.isNaN(number)) throw wrong(name, text, 'a number');
      return number;
    }
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw wrong(name, text, 'true or false');
      return text === 'true';
    case 'blob':
      return fromBase64(text);
    case 'timestamp': {
      const time = timeOf(/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
      if (time === undefined) throw wrong(name, text, 'a timestamp');
      return time;
    }
    default:
      return text;
  }
}

const wrong = (name: string, text: string, wanted: string) =>
  new ServiceError('SerializationException', `${name} must be ${wanted}, but is '${text}'`);
