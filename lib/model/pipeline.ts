/** A pipeline: entries, stages, exits. It does not compile while any event is left unheard or unsaid. */
import type { EventType } from './event.ts';
import type { Listeners } from './sequence.ts';
import { outsidesOf, type Stage, tablesOf } from './stage.ts';

export interface Pipeline {
  /** Lower-case words joined by hyphens; the first part of every physical name and of every event's source. */
  readonly name: string;
  /** What producers may publish. */
  readonly entries: readonly EventType[];
  readonly stages: readonly Stage<any, any, any>[];
  /** What leaves the pipeline for listeners elsewhere; a stage may accept it as well. */
  readonly exits: readonly EventType[];
}

type TypeOf<T> = T extends EventType<infer Type, any> ? Type : never;
type AcceptedBy<S> = S extends Stage<infer In, any, any> ? TypeOf<In> : never;
type EmittedBy<S> = S extends Stage<any, infer Out, any> ? TypeOf<Out> : never;

/** Emitted, but nobody hears it and it is no exit. */
type Unheard<S, X> = Exclude<EmittedBy<S>, AcceptedBy<S> | TypeOf<X>>;
/** Accepted, but nobody says it and it is no entry. */
type Unsaid<S, N> = Exclude<AcceptedBy<S>, EmittedBy<S> | TypeOf<N>>;

type Closed<N, S, X> = [Unheard<S, X>] extends [never]
  ? [Unsaid<S, N>] extends [never]
    ? unknown
    : { 'accepted by a stage, but neither an entry nor emitted': Unsaid<S, N> }
  : { 'emitted by a stage, but neither accepted nor an exit': Unheard<S, X> };

/**
 * Joins stages into a pipeline.
 * @throws Error when two stages share a name, or two event types do
 */
export function pipeline<
  const N extends EventType,
  const S extends Stage<any, any, any>,
  const X extends EventType = never,
>(
  name: string,
  parts: { readonly entries: readonly N[]; readonly stages: readonly S[]; readonly exits?: readonly X[] } & Closed<
    N,
    S,
    X
  >,
): Pipeline {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 20) {
    throw new Error(
      `pipeline name ${JSON.stringify(name)} is not lower-case words joined by hyphens, at most 20 characters`,
    );
  }
  if (/^(aws|ssm)/.test(name)) {
    throw new Error(`pipeline name ${JSON.stringify(name)} begins with what Parameter Store reserves; choose another`);
  }
  const names = parts.stages.map((s) => s.name);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined) throw new Error(`pipeline ${name} has two stages named ${twice}; give each its own name`);
  const joined: Pipeline = { name, entries: parts.entries, stages: parts.stages, exits: parts.exits ?? [] };
  const kinds = new Map<string, EventType>();
  for (const type of everyMention(joined)) {
    if ((kinds.get(type.type) ?? type) !== type)
      throw new Error(`pipeline ${name} has two event types named ${type.type}`);
    kinds.set(type.type, type);
  }
  return joined;
}

const everyMention = ({ entries, stages, exits }: Pipeline): EventType[] => [
  ...entries,
  ...stages.flatMap((s) => [...s.accepts, ...s.emits]),
  ...exits,
];

/** Every event type of a pipeline, once each, entries first. */
export const eventTypesOf = (p: Pipeline): readonly EventType[] => [...new Set(everyMention(p))];

/** The source of what producers publish. */
export const ingressSource = (pipelineName: string): string => `${pipelineName}.ingress`;
/** The source of what a stage says. */
export const stageSource = (pipelineName: string, stageName: string): string => `${pipelineName}.${stageName}`;

/** The sources that may say an event of this type: those of the stages that emit it, and the ingress if it is an entry. */
export const sourcesOf = (p: Pipeline, type: EventType): readonly string[] => [
  ...(p.entries.includes(type) ? [ingressSource(p.name)] : []),
  ...p.stages.filter((s) => s.emits.includes(type)).map((s) => stageSource(p.name, s.name)),
];

/** The tables of the domain, by logical name. */
export const domainTablesOf = (p: Pipeline): readonly string[] => [
  ...new Set(p.stages.flatMap((s) => tablesOf(s).map((use) => use.table))),
];

/** The systems that are not ours, by name. */
export const outsideSystemsOf = (p: Pipeline): readonly string[] => [
  ...new Set(p.stages.flatMap((s) => outsidesOf(s).map((use) => use.system))),
];

export function stageNamed(p: Pipeline, name: string): Stage {
  const found = p.stages.find((s) => s.name === name);
  if (found) return found;
  throw new Error(
    `pipeline ${p.name} has no stage ${JSON.stringify(name)}; it has ${p.stages.map((s) => s.name).join(', ')}`,
  );
}

/** Which stages hear each of these event types. */
export const listenersOf = (p: Pipeline, types: readonly EventType[]): Listeners =>
  Object.fromEntries(
    types
      .map((type) => [type.type, p.stages.filter((s) => s.accepts.includes(type)).map((s) => s.name)] as const)
      .filter(([, stages]) => stages.length > 0),
  );
