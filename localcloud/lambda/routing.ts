/**
 * Aliases that stand for two versions at once, by weight (Lambda Developer Guide, "Implement Lambda canary deployments using a
 * weighted alias"). Each invocation draws its version anew: of a queue, each batch does.
 */
import type { AliasRoutingConfiguration } from '@aws-sdk/client-lambda';
import { type Context, refuseUnknown, ServiceError } from '../service.ts';
import { findVersion, invalid, versionOf } from './names.ts';
import type { Alias, LambdaFunction, Version } from './state.ts';

/** The second version of an alias, and its share of the invocations, 0 to 1. */
export interface Share {
  readonly version: string;
  readonly weight: number;
}

/**
 * Reads what a request says of an alias that stands, or will stand, for `primary`.
 * @throws ServiceError `InvalidParameterValueException`, `ValidationException` or `ResourceNotFoundException`
 */
export function readRouting(
  found: LambdaFunction,
  primary: string,
  routing: AliasRoutingConfiguration | undefined,
): Share | undefined {
  refuseUnknown('lambda RoutingConfig', routing ?? {}, ['AdditionalVersionWeights']);
  const weights = Object.entries(routing?.AdditionalVersionWeights ?? {});
  if (weights.length > 1) throw invalid('Number of items in AdditionalVersionWeights cannot be greater than 1');
  const [first] = weights;
  if (first === undefined) return undefined;
  const [version, weight] = first;
  if (!(weight >= 0 && weight <= 1)) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '{${version}=${weight}}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0]`,
    );
  }
  if ([primary, version].includes('$LATEST')) {
    throw invalid('$LATEST is not supported for an alias pointing to more than 1 version');
  }
  if (version === primary) {
    throw invalid(
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
  }
  findVersion(found, version);
  return { version, weight };
}

/** As GetAlias shows it. */
export const describeRouting = ({ second }: Alias): { RoutingConfig?: AliasRoutingConfiguration } =>
  second === undefined ? {} : { RoutingConfig: { AdditionalVersionWeights: { [second.version]: second.weight } } };

/** The version that one invocation by this qualifier runs: where an alias stands for two, the dice choose. */
export function drawVersion(
  found: LambdaFunction,
  qualifier: string | undefined,
  context: Context,
): Version | undefined {
  const second = qualifier === undefined ? undefined : found.aliases.get(qualifier)?.second;
  if (second === undefined) return versionOf(found, qualifier);
  const drawn = context.dice.number('lambda', 'alias weight', context.region, found.name, qualifier!);
  return drawn < second.weight ? found.versions.get(second.version) : versionOf(found, qualifier);
}
