/** Policy documents, prepared once for many questions. */
import type { PolicyDocument, Statement } from '../iam/documents.ts';
import { type Test, testsOf } from './conditions.ts';
import type { Lookup } from './lookup.ts';
import { type PrincipalTest, principalTest } from './principals.ts';
import { type TextTest, textTest } from './texts.ts';

export interface CompiledStatement {
  readonly source: Statement;
  /** Its Sid, or its place from 1. */
  readonly label: string;
  readonly denies: boolean;
  /** Undefined in identity policies. */
  readonly principal: PrincipalTest | undefined;
  readonly tests: readonly Test[];
  /** Whether it is about the resource; in a trust policy, which names none, always. */
  readonly isAbout: (resource: string, keys: Lookup) => boolean;
}

export interface CompiledDocument {
  readonly statements: readonly CompiledStatement[];
  /** The statements about an action, the denying ones first. */
  about(action: string): readonly CompiledStatement[];
}

const byObject = new WeakMap<PolicyDocument, CompiledDocument>();
const byText = new Map<string, CompiledDocument>();
const MOST_TEXTS = 10_000;

/** @throws ServiceError `NotImplemented`, 501, for what the local cloud does not understand */
export function compile(document: PolicyDocument): CompiledDocument {
  const known = byObject.get(document);
  if (known) return known;
  const compiled = prepare(document);
  byObject.set(document, compiled);
  return compiled;
}

/** The same for a document that is kept as text, as queues, topics, buses, tables and keys keep theirs. */
export function compileText(text: string): CompiledDocument {
  const known = byText.get(text);
  if (known) return known;
  const compiled = prepare(JSON.parse(text));
  if (byText.size >= MOST_TEXTS) byText.clear();
  byText.set(text, compiled);
  return compiled;
}

function prepare(document: PolicyDocument): CompiledDocument {
  const variables = document.Version === '2012-10-17';
  const all = [document.Statement].flat().map((statement, index) => prepareStatement(statement, index, variables));
  const byAction = new Map<string, readonly CompiledStatement[]>();
  return {
    statements: all.map(({ compiled }) => compiled),
    about(action) {
      const known = byAction.get(action);
      if (known) return known;
      const about = all.filter(({ covers }) => covers(action.toLowerCase())).map(({ compiled }) => compiled);
      const sorted = [...about.filter(({ denies }) => denies), ...about.filter(({ denies }) => !denies)];
      byAction.set(action, sorted);
      return sorted;
    },
  };
}

function prepareStatement(statement: Statement, index: number, variables: boolean) {
  const { Action, NotAction, Resource, NotResource } = statement;
  const actions = [Action ?? NotAction ?? []].flat().map((action) => actionTest(action.toLowerCase()));
  const resources = [Resource ?? NotResource ?? []].flat().map((resource) => resourceTest(resource, variables));
  const among = (tests: readonly TextTest[], value: string, keys: Lookup) => tests.some((test) => test(value, keys));
  const compiled: CompiledStatement = {
    source: statement,
    label: statement.Sid ?? String(index + 1),
    denies: statement.Effect === 'Deny',
    principal: principalTest(statement),
    tests: testsOf(statement.Condition, variables),
    isAbout: (resource, keys) =>
      resources.length === 0 || among(resources, resource, keys) === (NotResource === undefined),
  };
  const noKeys: Lookup = () => undefined;
  return { compiled, covers: (action: string) => among(actions, action, noKeys) === (NotAction === undefined) };
}

const actionTest = (action: string): TextTest => textTest(action, { variables: false, wildcards: true });
const resourceTest = (resource: string, variables: boolean): TextTest =>
  textTest(resource, { variables, wildcards: true, arn: true });
