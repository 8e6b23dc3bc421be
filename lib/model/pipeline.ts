/** A pipeline: entries, stages, exits. It neither compiles nor starts while any event is left unheard or unsaid. */
import { DeclarationError } from './declaration-error.ts';
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

/** An entry that nobody hears and that is no exit. */
type Unanswered<N, S, X> = Exclude<TypeOf<N>, AcceptedBy<S> | TypeOf<X>>;

type Closed<N, S, X> = [Unheard<S, X>] extends [never]
  ? [Unsaid<S, N>] extends [never]
    ? [Unanswered<N, S, X>] extends [never]
      ? unknown
      : { 'an entry, but neither accepted nor an exit': Unanswered<N, S, X> }
    : { 'accepted by a stage, but neither an entry nor emitted': Unsaid<S, N> }
  : { 'emitted by a stage, but neither accepted nor an exit': Unheard<S, X> };

/**
 * Joins stages into a pipeline.
 * @throws DeclarationError when two stages share a name, or two event types do, or an event is unheard or unsaid
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
    throw new DeclarationError(
      `pipeline name ${JSON.stringify(name)} is not lower-case words joined by hyphens, at most 20 characters`,
    );
  }
  if (/^(aws|ssm)/.test(name)) {
    throw new DeclarationError(
      `pipeline name ${JSON.stringify(name)} begins with what Parameter Store reserves; choose another`,
    );
  }
  const names = parts.stages.map((s) => s.name);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined)
    throw new DeclarationError(`pipeline ${name} has two stages named ${twice}; give each its own name`);
  const joined: Pipeline = { name, entries: parts.entries, stages: parts.stages, exits: parts.exits ?? [] };
  const kinds = new Map<string, EventType>();
  for (const type of everyMention(joined)) {
    if ((kinds.get(type.type) ?? type) !== type)
      throw new DeclarationError(`pipeline ${name} has two event types named ${type.type}`);
    kinds.set(type.type, type);
  }
  refuseLoose(joined);
  return joined;
}

/** The same as the types say: Node runs what does not compile. */
function refuseLoose({ name, entries, stages, exits }: Pipeline): void {
  const heard = new Set([...stages.flatMap(({ accepts }) => accepts), ...exits]);
  const said = new Set([...stages.flatMap(({ emits }) => emits), ...entries]);
  const loose = [
    ...stages.flatMap((stage) => [
      ...stage.emits
        .filter((one) => !heard.has(one))
        .map(({ type }) => `${stage.name} emits ${type}, ${nobodyHears} put it among the exits`),
      ...stage.accepts
        .filter((one) => !said.has(one))
        .map(
          ({ type }) =>
            `${stage.name} accepts ${type}, but it is no entry and no stage emits it; let a stage emit it, or put it among the entries`,
        ),
    ]),
    ...entries
      .filter((one) => !heard.has(one))
      .map(({ type }) => `${type} is an entry, ${nobodyHears} take it out of the entries`),
  ];
  if (loose.length > 0) throw new DeclarationError(`pipeline ${name}: ${loose[0]}`);
}

const nobodyHears = 'but no stage accepts it and it is no exit; let a stage accept it, or';

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
