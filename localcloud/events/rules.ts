/** Rules that exist: described, switched on and off, deleted, listed. */
import type {
  DeleteRuleRequest,
  DescribeRuleRequest,
  DescribeRuleResponse,
  DisableRuleRequest,
  EnableRuleRequest,
  ListRuleNamesByTargetRequest,
  ListRuleNamesByTargetResponse,
  ListRulesRequest,
  ListRulesResponse,
} from '@aws-sdk/client-eventbridge';
import type { Action } from '../service.ts';
import { page } from './pages.ts';
import { type Events, findBus, findRule, given, invalid, type Rule } from './state.ts';

export const describeRule: Action<Events, DescribeRuleRequest, DescribeRuleResponse> = (input, state) => ({
  ...description(findRule(state, input.Name!, input.EventBusName)),
  CreatedBy: state.account,
});

export const enableRule: Action<Events, EnableRuleRequest, object> = (input, state) => {
  findRule(state, input.Name!, input.EventBusName).enabled = true;
  return {};
};

export const disableRule: Action<Events, DisableRuleRequest, object> = (input, state) => {
  findRule(state, input.Name!, input.EventBusName).enabled = false;
  return {};
};

/** DeleteRule. One that does not exist is deleted already; one with targets stays. */
export const deleteRule: Action<Events, DeleteRuleRequest, object> = (input, state) => {
  const bus = findBus(state, input.EventBusName);
  const rule = bus.rules.get(input.Name!);
  if (!rule) return {};
  if (rule.targets.size > 0) invalid("Rule can't be deleted since it has targets.");
  bus.rules.delete(rule.name);
  state.tags.delete(rule.arn);
  delete bus.wanted;
  return {};
};

export const listRules: Action<Events, ListRulesRequest, ListRulesResponse> = (input, state) => {
  const rules = [...findBus(state, input.EventBusName).rules.values()];
  const found = rules.filter((rule) => rule.name.startsWith(input.NamePrefix ?? ''));
  const { items, ...next } = page(found, input);
  return { Rules: items.map(description), ...next };
};

export const listRuleNamesByTarget: Action<Events, ListRuleNamesByTargetRequest, ListRuleNamesByTargetResponse> = (
  input,
  state,
) => {
  const aims = (rule: Rule) => [...rule.targets.values()].some((target) => target.Arn === input.TargetArn);
  const rules = [...findBus(state, input.EventBusName).rules.values()].filter(aims);
  const { items, ...next } = page(rules, input);
  return { RuleNames: items.map((rule) => rule.name), ...next };
};

const description = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.patternText,
  State: rule.enabled ? ('ENABLED' as const) : ('DISABLED' as const),
  EventBusName: rule.bus,
  ...given({ Description: rule.description, RoleArn: rule.roleArn }),
});
