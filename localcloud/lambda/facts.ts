/** What the journal is told of an invocation. */
import type { Invocation, Origin } from './state.ts';

export const facts = (invocation: Invocation): Readonly<Record<string, unknown>> => ({
  function: invocation.functionName,
  version: invocation.version.version,
  requestId: invocation.requestId,
  environment: invocation.environment,
  coldStart: invocation.coldStart,
  ...recordsOf(invocation.origin),
});

/** The messages of a batch, where there is one. */
export const recordsOf = (origin: Origin): { mapping?: string; records?: readonly string[] } =>
  origin.kind === 'queue' ? { mapping: origin.mapping, records: origin.records.map(({ messageId }) => messageId) } : {};
