/** What faults do as an operator would. */
import { administrator, type Cloud } from '../cloud.ts';
import { isServiceError } from '../service.ts';

/**
 * Makes a call as the administrator, whom no fault concerns. A refusal is the operator's bad luck; where the region is lost the
 * operator waits for it.
 */
export function operate(cloud: Cloud, region: string, service: string, ...[action, input]: [string, object]): void {
  if (cloud.links.hold(region, () => operate(cloud, region, service, action, input))) return;
  cloud.request({ service, region, action, input, principal: administrator }).catch((error) => {
    if (!isServiceError(error)) throw error;
  });
}

/** Names of things in some regions, as `<region>/<name>`. */
export const ofRegions = <State>(
  cloud: Cloud,
  regions: readonly string[],
  ...[service, namesIn]: [string, (state: State) => Iterable<string>]
): readonly string[] =>
  regions.flatMap((region) =>
    [...new Set(namesIn(cloud.state<State>(service, region)))].map((name) => `${region}/${name}`),
  );
