/** What every stack of a pipeline has in common. */
import { type App, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib/core';
import { names } from '../model/names.ts';
import type { Place } from './place.ts';

export class BaseStack extends Stack {
  readonly place: Place;

  constructor(app: App, kind: 'keys' | 'data' | 'pipeline' | 'monitor' | 'failover', place: Place) {
    const { config, deployment, region } = place;
    super(app, `${names.base(deployment)}-${kind}-${region}`, {
      env: { account: config.account, region },
      terminationProtection: config.retain,
      // Stack tags: CloudFormation puts them on every resource, and the templates stay as they are.
      tags: { pipeline: deployment.pipeline, environment: deployment.environment },
      // One for each stack; the rule would be the only parameter of templates that otherwise need none.
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    });
    this.place = place;
  }
}
