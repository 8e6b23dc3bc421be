import type { PutRuleRequest, PutRuleResponse } from '@aws-sdk/client-eventbridge';
import { type Action, refuseUnknown } from '../service.ts';
import { compilePattern } from './pattern/index.ts';
import { beyondLimit, checkName, type Events, findBus, invalid, type Rule, ruleArn, violated } from './state.ts';
import { setTags } from './tags.ts';

/** Rules of a bus (EventBridge quotas); the sequence of a pattern's characters is bounded by the API. */
const MOST_RULES = 300;
const LONGEST_PATTERN = 4096;

/** PutRule: makes a rule, or replaces all of it but its targets and tags. Schedules are refused: nothing here would keep them. */
export const putRule: Action<Events, PutRuleRequest, PutRuleResponse> = (input, state) => {
  refuseUnknown('events:PutRule', input, [
    'Name',
    'EventBusName',
    'EventPattern',
    'State',
    'Description',
    'RoleArn',
    'Tags',
  ]);
  const bus = findBus(state, input.EventBusName);
  const name = checkName(input.Name, 'name');
  if (input.EventPattern === undefined) invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  if (input.EventPattern.length > LONGEST_PATTERN) {
    violated(
      `Value '${input.EventPattern}' at 'eventPattern'`,
      `Member must have length less than or equal to ${LONGEST_PATTERN}`,
    );
  }
  if (input.State !== undefined && input.State !== 'ENABLED' && input.State !== 'DISABLED') {
    violated(`Value '${input.State}' at 'state'`, 'Member must satisfy enum value set: [ENABLED, DISABLED]');
  }
  const before = bus.rules.get(name);
  if (!before && bus.rules.size >= MOST_RULES) beyondLimit();
  const rule: Rule = {
    name,
    arn: ruleArn(state, bus.name, name),
    bus: bus.name,
    patternText: input.EventPattern,
    pattern: compilePattern(input.EventPattern),
    enabled: input.State !== 'DISABLED',
    targets: before?.targets ?? new Map(),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.RoleArn === undefined ? {} : { roleArn: input.RoleArn }),
  };
  bus.rules.set(name, rule);
  delete bus.wanted;
  // Tags given when a rule is replaced are ignored by AWS (API reference, PutRule).
  if (!before) setTags(state, rule.arn, input.Tags);
  return { RuleArn: rule.arn };
};
