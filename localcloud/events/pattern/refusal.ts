import { ServiceError } from '../../service.ts';

/** AWS's answer to a pattern that is not one. `reason` is the engine's own words (aws/event-ruler, JsonRuleCompiler). */
export function refusePattern(reason: string): never {
  throw new ServiceError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}
