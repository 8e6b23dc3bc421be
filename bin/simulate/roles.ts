/**
 * Whether the roles, as they were deployed, may do more than the model says, grant by grant. A run shows that a function
 * needs no more than it has; that it has no more than it needs, no run can show. What the conditions of
 * the grants are worth is asked question by question by the matrix of test/lib/infra.
 */
import { names } from '../../lib/model/names.ts';
import {
  checkPermissions,
  type Permission,
  permissionsOf,
  publisherPermissions,
  sequencerPermissions,
  type Target,
  trafficPermissions,
} from '../../lib/model/permissions.ts';
import { createVirtual } from '../../localcloud/drive/virtual.ts';
import { type Grant, grantsOf } from '../../localcloud/policy/grants.ts';
import { readAssembly } from '../../localcloud/stack/assembly.ts';
import { deploy } from '../../localcloud/stack/deploy.ts';
import { pipeline } from '../domain.ts';
import { deploymentOf } from '../start/live.ts';
import type { Prepared } from '../start/prepare.ts';
import type { Violation } from './outcome.ts';

/** @returns a violation, if a role may do more than its owner declares */
export async function checkRoles(prepared: Prepared): Promise<readonly Violation[]> {
  const { cloud } = createVirtual({ seed: 'roles' });
  await deploy(cloud, readAssembly(prepared.assembly));
  const examples = undeclared(grantsOf(cloud), prepared);
  return examples.length === 0
    ? []
    : [
        {
          invariant: 'no-wider-role',
          claim: 'no role may do more than its owner declares',
          examples,
        },
      ];
}

interface Owner {
  readonly who: string;
  readonly permissions: readonly Permission[];
}

/** What is granted and not declared, role by role. */
function undeclared(grants: readonly Grant[], { config }: Prepared): readonly string[] {
  const d = deploymentOf(config);
  return [config.regions.active, config.regions.standby].flatMap((region) =>
    owners(config).flatMap(({ who, permissions }) => {
      const role = names.role(d, who, region);
      const isFunction = who !== 'publisher' && who !== 'traffic';
      const declared = new Set([
        ...permissions.flatMap(({ on, actions }) => actions.map((action) => `${action} on ${nameOf(on, d)}`)),
        // Its environment is encrypted, and decrypted in its own name.
        ...(isFunction ? ['kms:Decrypt on the key'] : []),
      ]);
      const granted = new Set(
        grants
          .filter((one) => one.role === role)
          .map(({ action, resource }) => `${action} on ${briefly(resource, config.account, region)}`),
      );
      return [...granted].filter((one) => !declared.has(one)).map((one) => `${role} may ${one}`);
    }),
  );
}

const owners = ({ outside }: Prepared['config']): readonly Owner[] => [
  ...pipeline.stages.map((stage) => ({
    who: stage.name,
    permissions: permissionsOf(stage, pipeline, { sandboxed: true }).filter(
      ({ on }) => on.kind !== 'sandbox' || outside[on.system] === 'sandbox',
    ),
  })),
  { who: 'sequencer', permissions: sequencerPermissions(pipeline) },
  { who: 'publisher', permissions: publisherPermissions(pipeline) },
  { who: 'check', permissions: checkPermissions(pipeline) },
  { who: 'traffic', permissions: trafficPermissions(pipeline) },
];

/** What an ARN of this account and region names; one of elsewhere stays as it is, and so is nothing that is declared. */
function briefly(arn: string, account: string, region: string): string {
  const own = new RegExp(`^arn:aws:(\\w+):${region}:${account}:`);
  return arn.replace(own, (_, service: string) => `${service}:`).replace(/^kms:key\/[\w-]+$/, 'the key');
}

type Named = Parameters<typeof names.bus>[0];

function nameOf(target: Target, d: Named): string {
  switch (target.kind) {
    case 'queue':
      return `sqs:${names.queue(d, target.stage)}`;
    case 'dead-letters':
      return `sqs:${names.deadLetters(d, target.stage)}`;
    case 'inbox':
      return `sqs:${names.inbox(d, target.stage)}`;
    case 'quarantine':
      return `sqs:${names.quarantine(d)}`;
    case 'bus':
      return `events:event-bus/${names.bus(d)}`;
    case 'records':
      return `dynamodb:table/${names.records(d)}`;
    case 'authority':
      return `dynamodb:table/${names.authority(d)}`;
    case 'table':
      return `dynamodb:table/${names.table(d, target.table)}`;
    case 'sandbox':
      return `dynamodb:table/${names.sandbox(d, target.system)}`;
    case 'settings':
      return `ssm:parameter${names.settings(d, target.stage)}`;
    case 'log-streams':
      return `logs:log-group:${names.logGroup(d, target.who)}:log-stream:*`;
    case 'function':
      return `lambda:function:${names.function(d, target.who)}`;
    case 'versions':
      return `lambda:function:${names.function(d, target.who)}:*`;
    case 'alarms':
      return 'cloudwatch:alarm:*';
    case 'deployments':
      return `codedeploy:deploymentgroup:${names.application(d)}/*`;
    case 'key':
      return 'the key';
  }
}
