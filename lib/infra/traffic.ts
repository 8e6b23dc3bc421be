/**
 * How new versions take over: one application of CodeDeploy and one role for all functions, a group for each, and a function
 * that looks at a new version before it is given anything to do. See docs/guides/deploy.md.
 */
import { CfnApplication, CfnDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import type { CfnRule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnAlias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { names } from '../model/names.ts';
import { checkPermissions, trafficPermissions } from '../model/permissions.ts';
import { acknowledge } from './acknowledge.ts';
import type { AlarmKind } from './alarm-kinds.ts';
import { arns } from './arns.ts';
import { pascalCase } from './construct-id.ts';
import { acknowledgeFunction, acknowledgeVersions } from './function-findings.ts';
import { PipelineFunction } from './pipeline-function.ts';
import type { Place } from './place.ts';
import type { Yard } from './queues.ts';
import { retriesAlarm } from './retries-alarm.ts';
import { ConfinedRole } from './role.ts';
import { onlyFor, statementsOf } from './statements.ts';

export interface TrafficOptions {
  /** By stage, and of the sequencer. */
  readonly aliases: ReadonlyMap<string, CfnAlias>;
  /** By which the stages hear, all of them. */
  readonly rules: readonly CfnRule[];
  /** The folder of the bundled functions. */
  readonly bundles: string;
}

/** What says within minutes that a version is no good. Age and breaker say more about others than about it. */
const ofStages = (stage: string): readonly string[] =>
  (['errors', 'dead-letters'] satisfies AlarmKind[]).map((kind) => `${stage}-${kind}`);

/** The sequencer gives nothing up but to quarantine. */
const tellTale: Readonly<Record<string, readonly string[]>> = {
  sequencer: ['sequencer-errors', 'quarantine' satisfies AlarmKind],
};

/** A whole deployment calls it once for each function, all at the same time. */
const check = { timeoutSeconds: 60, memoryMb: 512 };

export class Traffic extends Construct {
  constructor(yard: Yard, id: string, { aliases, rules, bundles }: TrafficOptions) {
    super(yard.scope, id);
    const { place, key } = yard;
    const d = place.deployment;
    const looking = new PipelineFunction(
      { ...yard, scope: this },
      {
        who: 'check',
        functionName: names.check(d),
        description: 'Looks at a new version before it is given traffic',
        permissions: checkPermissions(place.pipeline),
        ...check,
        concurrency: aliases.size,
        bundles,
        live: false,
      },
    );
    const hook = looking.function;
    acknowledgeFunction(looking, 'check', place);
    acknowledgeVersions(looking, [...aliases.keys()], place);
    acknowledge(looking, `IAM5[Resource::${arns.deploymentGroups(place)}]`, {
      of: ['solutions'],
      because: 'The groups of the pipeline’s own application, of which there is one for each function.',
    });
    const application = new CfnApplication(this, 'Application', {
      applicationName: names.application(d),
      computePlatform: 'Lambda',
    });
    const confined = new ConfinedRole(this, 'Role', {
      place,
      who: 'traffic',
      description: `What CodeDeploy may do in ${place.region}`,
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com', {
        conditions: onlyFor(place, arns.deploymentGroups(place)),
      }),
      statements: statementsOf(trafficPermissions(place.pipeline), { place, keyArn: key.keyArn }),
    });
    const { role, policies } = confined;
    acknowledgeVersions(confined, [...aliases.keys()], place);
    acknowledge(confined, `IAM5[Resource::${arns.alarm(place, '*')}]`, {
      of: ['solutions'],
      because: 'CodeDeploy asks for the state of alarms without saying of which: its call has no alarm for a resource.',
    });
    for (const [who, alias] of aliases) {
      const watched = watchedBy(this, who, place);
      const group = new CfnDeploymentGroup(this, `${pascalCase(who)}Group`, {
        applicationName: application.ref,
        deploymentGroupName: who,
        deploymentConfigName: `CodeDeployDefault.Lambda${place.config.traffic}`,
        deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
        serviceRoleArn: role.roleArn,
        // Said where there are none, too: an update that leaves it out leaves the alarms that were there.
        // https://github.com/aws/aws-cdk/issues/23307
        alarmConfiguration: { enabled: watched.length > 0, alarms: watched.map(({ name }) => ({ name })) },
        autoRollbackConfiguration: {
          enabled: true,
          events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
        },
      });
      group.node.addDependency(...policies, ...watched.flatMap(({ alarm }) => alarm ?? []));
      // Its update policy names both, and a name is no reference. And a new version numbers what it says for every stage that
      // hears it, a new one too: said before that one has its rule and inbox, it reaches nobody there and leaves a gap.
      alias.node.addDependency(group, hook, ...rules);
    }
  }
}

/**
 * Alarms of a function that stop its deployment: none where everything is shifted at once. All but the one on retries are in
 * the stack that comes after this one, and so by name only; nothing is shifted before there is a second version.
 */
function watchedBy(scope: Construct, who: string, place: Place): readonly { name: string; alarm?: Construct }[] {
  const { config, deployment } = place;
  if (config.traffic === 'AllAtOnce') return [];
  const known = (tellTale[who] ?? ofStages(who)).map((what) => ({ name: names.alarm(deployment, what) }));
  if (who in tellTale) return known;
  return [...known, { name: names.alarm(deployment, `${who}-retries`), alarm: retriesAlarm(scope, place, who) }];
}
