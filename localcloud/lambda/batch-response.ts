/**
 * What a function says of its batch under `ReportBatchItemFailures` (Lambda Developer Guide, "Implementing partial batch
 * responses"): nothing, null, `{}`, and a missing, null or empty `batchItemFailures` mean that all went well; whatever
 * cannot be understood means that nothing did.
 */
export type Verdict =
  | { readonly kind: 'all succeeded' }
  | { readonly kind: 'some failed'; readonly failed: ReadonlySet<string> }
  | { readonly kind: 'all failed'; readonly why: string };

const succeeded: Verdict = { kind: 'all succeeded' };
const failed = (why: string): Verdict => ({ kind: 'all failed', why });

/** Reads a function's response. `messageIds` are those of the batch; an identifier that is none of them fails the whole batch. */
export function readBatchResponse(payload: string, messageIds: readonly string[]): Verdict {
  let response: unknown;
  try {
    response = payload === '' ? null : JSON.parse(payload);
  } catch {
    return failed('the response is not JSON');
  }
  if (response === null || response === '') return succeeded;
  if (typeof response !== 'object' || Array.isArray(response)) return failed('the response is not an object');
  const failures = (response as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return succeeded;
  if (!Array.isArray(failures)) return failed('batchItemFailures is not a list');
  const identifiers = new Set<string>();
  for (const failure of failures) {
    const identifier = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof identifier !== 'string' || identifier === '')
      return failed('an itemIdentifier is missing, null or empty');
    if (!messageIds.includes(identifier)) return failed(`the itemIdentifier ${identifier} is not in the batch`);
    identifiers.add(identifier);
  }
  return identifiers.size === 0 ? succeeded : { kind: 'some failed', failed: identifiers };
}
