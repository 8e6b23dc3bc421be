/**
 * What finds out that a region is lost, routes producers away from it, and lets the other take over if it may. Optional
 * (`regions.failover`), and the last to be deployed. The endpoint is the home region's for good: it routes by health and not
 * by authority, and what is published in either region is forwarded to the other.
 */
import { Key } from 'aws-cdk-lib/aws-kms';
import type { App } from 'aws-cdk-lib/core';
import { names } from '../model/names.ts';
import { arns } from './arns.ts';
import { BaseStack } from './base-stack.ts';
import { Canary } from './canary.ts';
import { FailoverAlarms } from './failover-alarms.ts';
import { GlobalEndpoint } from './global-endpoint.ts';
import type { PipelineStackOptions } from './pipeline-stack.ts';
import type { Place } from './place.ts';
import type { Yard } from './queues.ts';
import { TakeOver } from './take-over.ts';

export class FailoverStack extends BaseStack {
  constructor(app: App, place: Place, { keyArn, bundles }: PipelineStackOptions) {
    super(app, 'failover', place);
    const yard: Yard = { scope: this, place, key: Key.fromKeyArn(this, 'Key', keyArn) };
    new Canary(yard, 'Canary', { bundles });
    const { automatic } = place.config.regions.failover!;
    if (automatic) new TakeOver(yard, 'TakeOver', { bundles });
    const starts = automatic ? [arns.function(place, names.function(place.deployment, 'failover'))] : [];
    const alarms = new FailoverAlarms(yard, 'Alarms', starts);
    if (place.region === place.config.regions.home) new GlobalEndpoint(yard, 'Global', alarms);
  }
}
