/** A Lambda function with all that is its own: role, policy, log group, environment. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnAlias, CfnFunction, type CfnFunctionProps } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { names } from '../model/names.ts';
import type { Permission } from '../model/permissions.ts';
import { pascalCase } from './construct-id.ts';
import { FunctionBundle } from './function-bundle.ts';
import { liveAlias } from './live-alias.ts';
import type { Place } from './place.ts';
import type { Yard } from './queues.ts';
import { ConfinedRole } from './role.ts';
import { decryptEnvironment, statementsOf } from './statements.ts';

export interface FunctionOptions {
  /** A stage's name, or `sequencer`. */
  readonly who: string;
  readonly functionName: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
  /** What it may do besides, in the other region or on what the model does not know; default nothing. */
  readonly statements?: readonly PolicyStatement[];
  /** And what of that fills policies of its own: `role.ts`. */
  readonly further?: Readonly<Record<string, readonly PolicyStatement[]>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Instances that its event sources may run at once. */
  readonly concurrency: number;
  /** Beside what every function is told. Literal strings: SAM blanks what is not. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The folder of the bundled functions. */
  readonly bundles: string;
  /** Whether it sends to the queue that calls it; default false. */
  readonly sendsToItself?: boolean;
  /** Whether it is called by its alias, so that a new version takes over gradually; default true. */
  readonly live?: boolean;
}

export class PipelineFunction extends Construct {
  readonly function: CfnFunction;
  /** The alias that stands for the version that works, where the function has one. */
  readonly live: CfnAlias | undefined;

  constructor({ scope, place, key }: Yard, options: FunctionOptions) {
    const { who, functionName } = options;
    // Unique in the app and not just here: SAM knows a function by this id, and by it alone.
    super(scope, `${pascalCase(who)}Function`);
    const held = { place, keyArn: key.keyArn };
    const { role, policies } = new ConfinedRole(this, 'Confined', {
      place,
      who,
      description: `What ${functionName} may do in ${place.region}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      statements: [
        ...statementsOf(options.permissions, held),
        ...(options.statements ?? []),
        decryptEnvironment(held, functionName),
      ],
      further: options.further,
    });
    const bundle = new FunctionBundle(this, 'Bundle', bundleOf(options.bundles, who));
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: names.logGroup(place.deployment, who),
      encryptionKey: key,
      retention: place.config.logRetentionDays as RetentionDays,
      removalPolicy: place.removal,
    });
    const properties: CfnFunctionProps = {
      functionName,
      description: options.description,
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      code: bundle.code,
      role: role.roleArn,
      loggingConfig: { logGroup: logGroup.logGroupName },
      timeout: options.timeoutSeconds,
      memorySize: options.memoryMb,
      environment: { variables: environmentOf(place, options) },
      kmsKeyArn: key.keyArn,
    };
    // SAM takes the id before this `Resource`, as CDK's own constructs have it.
    this.function = new CfnFunction(this, 'Resource', {
      ...properties,
      // Two more than event sources take: room for the check of a new version, and for an operator.
      // Lambda would stop it after sixteen rounds: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
      ...(options.sendsToItself ? { recursiveLoop: 'Allow' } : {}),
      ...(place.config.reserveConcurrency ? { reservedConcurrentExecutions: options.concurrency + 2 } : {}),
    });
    bundle.describe(this.function);
    this.function.node.addDependency(...policies);
    this.live =
      options.live === false ? undefined : liveAlias(this, { who, place, function: this.function, properties });
  }
}

const environmentOf = (place: Place, { who, environment }: FunctionOptions): Record<string, string> => ({
  PIPELINE: place.deployment.pipeline,
  ENVIRONMENT: place.deployment.environment,
  ACCOUNT: place.config.account,
  STAGE: who,
  // Only variables that the template declares can be set by `sam local invoke --env-vars`.
  LOCAL_ENDPOINT: '',
  HOME_REGION: place.config.regions.home,
  AUTHORITY: place.config.regions.witness === undefined ? 'by-hand' : 'renewed',
  POWERTOOLS_SERVICE_NAME: who,
  POWERTOOLS_METRICS_NAMESPACE: place.deployment.pipeline,
  POWERTOOLS_LOG_LEVEL: 'INFO',
  // Unset, Powertools throws and catches an error for each line of the log (its `isDevMode`).
  POWERTOOLS_DEV: 'false',
  ...environment,
});

function bundleOf(bundles: string, who: string): string {
  const folder = join(bundles, who);
  if (existsSync(join(folder, 'index.js'))) return folder;
  throw new Error(`there is no bundle of ${who} at ${join(folder, 'index.js')}; run npm run build`);
}
