/**
 * Input transformers. The quirks are AWS's own, recorded in public test suites: a path that finds nothing gives an
 * empty string; a text goes between quotes as it is, so that one with a quote in it breaks the JSON; an object between
 * quotes loses its own quotes.
 */
import type { InputTransformer } from '@aws-sdk/client-eventbridge';
import { follow, jsonPath } from './json-path.ts';
import { type BusEvent, invalid, type Rule } from './state.ts';
import { inSeconds } from './time.ts';

const PLACEHOLDER = /<([A-Za-z0-9._-]+)>/g;
const PREDEFINED = 'aws.events.';
const EVENT_JSON = 'aws.events.event.json';
const predefined = new Set([
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  EVENT_JSON,
]);

/**
 * Checks a transformer as PutTargets does.
 * @throws ServiceError `ValidationException`
 */
export function checkTransformer(transformer: InputTransformer, targetId: string): void {
  const { InputTemplate: template = '', InputPathsMap: paths = {} } = transformer;
  for (const [key, path] of Object.entries(paths)) {
    if (key.toLowerCase().startsWith('aws'))
      invalid(`InputPathsMap for target ${targetId} contains reserved key ${key}.`);
    if (!jsonPath(path)) invalid(`Invalid InputPath for target ${targetId}.`);
  }
  for (const [, name = ''] of template.matchAll(PLACEHOLDER)) {
    if (!Object.hasOwn(paths, name) && !predefined.has(name)) {
      invalid(`InputTemplate for target ${targetId} contains invalid placeholder ${name}.`);
    }
    if (name === EVENT_JSON && !template.trimStart().startsWith('{')) {
      invalid(`InputTemplate for target ${targetId} contains placeholder ${name} valid only for JSON template.`);
    }
  }
}

/** The text that a target receives, which may turn out not to be JSON. */
export function transform(transformer: InputTransformer, event: BusEvent, rule: Pick<Rule, 'arn' | 'name'>): string {
  const { InputTemplate: template = '', InputPathsMap: paths = {} } = transformer;
  const valueFor = (name: string) =>
    name.startsWith(PREDEFINED)
      ? predefinedValue(name, event, rule)
      : (follow(jsonPath(paths[name]!)!, event.envelope) ?? '');
  let output = '';
  let from = 0;
  let quoted = false;
  for (const match of template.matchAll(PLACEHOLDER)) {
    const between = template.slice(from, match.index);
    quoted = endsInQuotes(between, quoted);
    output += between + (quoted ? inQuotes(valueFor(match[1]!)) : JSON.stringify(valueFor(match[1]!)));
    from = match.index + match[0].length;
  }
  return output + template.slice(from);
}

function predefinedValue(name: string, event: BusEvent, rule: Pick<Rule, 'arn' | 'name'>): unknown {
  if (name === 'aws.events.rule-arn') return rule.arn;
  if (name === 'aws.events.rule-name') return rule.name;
  if (name === 'aws.events.event.ingestion-time') return inSeconds(event.ingestedAt);
  if (name === EVENT_JSON) return event.envelope;
  // The event without its detail; `detail-type` has another name here, and `time` is when the bus took it in.
  const { detail: _, 'detail-type': detailType, ...rest } = event.envelope;
  return { ...rest, detailType, time: inSeconds(event.ingestedAt) };
}

const inQuotes = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value).replaceAll('"', '') : String(value);

function endsInQuotes(text: string, before: boolean): boolean {
  let quoted = before;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') quoted = !quoted;
  }
  return quoted;
}
