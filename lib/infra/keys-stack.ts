/** The customer-managed key of one region, and the alias by which everything outside the region knows it. */
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import type { App } from 'aws-cdk-lib/core';
import { Duration } from 'aws-cdk-lib/core';
import { names } from '../model/names.ts';
import { BaseStack } from './base-stack.ts';
import { keyPolicy } from './key-policy.ts';
import type { Place } from './place.ts';

export class KeysStack extends BaseStack {
  /** The one value that crosses from stack to stack: log groups and policies take no alias. */
  readonly keyArn: string;

  constructor(app: App, place: Place) {
    super(app, 'keys', place);
    const key = new Key(this, 'Key', {
      description: `Everything that ${names.base(place.deployment)} keeps in ${place.region}`,
      enableKeyRotation: true,
      policy: keyPolicy(place),
      removalPolicy: place.removal,
      ...(place.config.retain ? {} : { pendingWindow: Duration.days(7) }),
    });
    new Alias(this, 'Alias', { aliasName: names.keyAlias(place.deployment), targetKey: key });
    this.keyArn = key.keyArn;
  }
}
