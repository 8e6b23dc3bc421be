/** Targets that exist: removed, listed. */
import type {
  ListTargetsByRuleRequest,
  ListTargetsByRuleResponse,
  RemoveTargetsRequest,
  RemoveTargetsResponse,
} from '@aws-sdk/client-eventbridge';
import type { Action } from '../service.ts';
import { page } from './pages.ts';
import { type Events, findRule } from './state.ts';

/** RemoveTargets. What is not there is removed already; what the rule has matched already is still delivered. */
export const removeTargets: Action<Events, RemoveTargetsRequest, RemoveTargetsResponse> = (input, state) => {
  const rule = findRule(state, input.Rule!, input.EventBusName);
  for (const id of input.Ids ?? []) rule.targets.delete(id);
  return { FailedEntryCount: 0, FailedEntries: [] };
};

export const listTargetsByRule: Action<Events, ListTargetsByRuleRequest, ListTargetsByRuleResponse> = (
  input,
  state,
) => {
  const { items, ...next } = page([...findRule(state, input.Rule!, input.EventBusName).targets.values()], input);
  return { Targets: items, ...next };
};
