/**
 * The version of a function that works, and the alias that stands for it. A version is what the function is when it is
 * published; so each change of the function is another version here, by another id, and the alias moves on to it.
 */
import { createHash } from 'node:crypto';
import { CfnAlias, type CfnFunction, type CfnFunctionProps, CfnVersion } from 'aws-cdk-lib/aws-lambda';
import { CfnDeletionPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { LIVE, names } from '../model/names.ts';
import type { Place } from './place.ts';

export interface LiveAliasOptions {
  readonly who: string;
  readonly place: Place;
  readonly function: CfnFunction;
  /** Everything that a version keeps: not the concurrency, which is the function's. */
  readonly properties: CfnFunctionProps;
}

/** The first time CloudFormation points the alias at its version; from then on it has CodeDeploy shift it. */
export function liveAlias(scope: Construct, options: LiveAliasOptions): CfnAlias {
  const { who, place, function: fn, properties } = options;
  // Without the region that it is in: both have the same templates, but for where the pipeline began.
  const { variables, ...environment } = properties.environment as CfnFunction.EnvironmentProperty;
  const { HOME_REGION: home, ...others } = variables as Record<string, string>;
  const told = { ...properties, environment: { ...environment, variables: others } };
  const content = JSON.stringify(Stack.of(scope).resolve(told)).replaceAll(place.region, '') + home;
  const version = new CfnVersion(scope, `Version${digest(content)}`, { functionName: fn.ref });
  // Kept when the next one takes over, to go back to; but not when its deployment fails, for Lambda publishes nothing twice, and
  // CloudFormation would find at the next attempt that the version is there already.
  version.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE;
  version.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  const alias = new CfnAlias(scope, 'Live', {
    functionName: fn.ref,
    functionVersion: version.attrVersion,
    name: LIVE,
  });
  alias.cfnOptions.updatePolicy = {
    codeDeployLambdaAliasUpdate: {
      applicationName: names.application(place.deployment),
      deploymentGroupName: who,
      beforeAllowTrafficHook: names.check(place.deployment),
    },
  };
  return alias;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
