/**
 * A deployment step by step: the hook before, the shift of traffic, the hook after; and the alarms, all the while. Each
 * step is taken in the name of the group's role.
 */
import type { DescribeAlarmsOutput } from '@aws-sdk/client-cloudwatch';
import type { AliasConfiguration } from '@aws-sdk/client-lambda';
import { type Action, type Context, isServiceError } from '../service.ts';
import type { Lifecycle } from './app-spec.ts';
import { stepsOf } from './configurations.ts';
import { end, giveAll, groupOf, inItsName, succeed } from './ending.ts';
import { type Deployment, type Deployments, type Group, isOver } from './state.ts';

const MINUTE = 60_000;

/** AWS does not say how often it looks at alarms; they change once a minute at most. */
const LOOK_MS = 15_000;

/** "The Lambda validation function must return within one hour, or the deployment fails" (user guide, AppSpec hooks). */
const HOOK_MS = 60 * MINUTE;

type Step = Action<Deployments, { readonly id: string } & Record<string, any>, void>;

/** A step of a deployment that goes on; a call that is refused ends it. */
const step =
  (
    take: (at: { state: Deployments; context: Context; deployment: Deployment; group: Group; input: any }) => void,
  ): Step =>
  (input, state, context) => {
    const deployment = state.deployments.get(input.id);
    if (!deployment || isOver(deployment)) return;
    const group = groupOf(state, deployment);
    const fail = (
      code: 'DEPLOYMENT_GROUP_MISSING' | 'IAM_ROLE_PERMISSIONS' | 'INVALID_LAMBDA_CONFIGURATION',
      message: string,
    ) =>
      end(state, context, { deployment, status: 'Failed', occasion: 'DEPLOYMENT_FAILURE', error: { code, message } });
    if (!group) {
      fail('DEPLOYMENT_GROUP_MISSING', `The deployment group ${deployment.group} is no more.`);
      return;
    }
    try {
      take({ state, context, deployment, group, input });
    } catch (error) {
      if (!isServiceError(error)) throw error;
      const denied = /AccessDenied/.test(error.code);
      fail(denied ? 'IAM_ROLE_PERMISSIONS' : 'INVALID_LAMBDA_CONFIGURATION', error.message);
    }
  };

export const begin: Step = step(({ state, context, deployment, group }) => {
  deployment.status = 'InProgress';
  deployment.startedAt = context.now;
  if (lookAtAlarms(state, context, { deployment, group })) return;
  const { target } = deployment;
  const input = { FunctionName: target.function, Name: target.alias };
  const alias = inItsName<AliasConfiguration>(group, context, { service: 'lambda', action: 'GetAlias', input });
  if (alias.FunctionVersion !== target.from) {
    const message = `The alias ${target.alias} of ${target.function} stands for version ${alias.FunctionVersion}, and not for the CurrentVersion ${target.from}.`;
    const error = { code: 'INVALID_LAMBDA_CONFIGURATION', message } as const;
    end(state, context, { deployment, status: 'Failed', occasion: 'DEPLOYMENT_FAILURE', error, rollBack: false });
    return;
  }
  callHook(context, { deployment, group, lifecycle: 'BeforeAllowTraffic' });
});

/** Goes on after a hook, or after a moment that has none. */
export const next: Step = step(({ context, deployment, group, input }) => {
  if (input.after === 'BeforeAllowTraffic') shiftOnce(context, deployment, group);
  else succeed(deployment, context);
});

/** One step of the shift, and the next in its time. */
export const shift: Step = step(({ context, deployment, group }) => shiftOnce(context, deployment, group));

function shiftOnce(context: Context, deployment: Deployment, group: Group): void {
  const steps = stepsOf(deployment.configuration);
  const { share } = steps[deployment.shifted]!;
  const { function: FunctionName, alias: Name, from, to } = deployment.target;
  const some = {
    FunctionName,
    Name,
    FunctionVersion: from,
    RoutingConfig: { AdditionalVersionWeights: { [to]: share } },
  };
  const call = share === 1 ? giveAll(deployment, to) : { service: 'lambda', action: 'UpdateAlias', input: some };
  inItsName(group, context, call);
  context.note('TrafficShifted', { deployment: deployment.id, ...deployment.target, share });
  deployment.shifted++;
  const following = steps[deployment.shifted];
  if (following) context.later(context.now + following.after * MINUTE, 'Shift', { id: deployment.id });
  else callHook(context, { deployment, group, lifecycle: 'AfterAllowTraffic' });
}

/** Calls the hook of a moment, which answers by PutLifecycleEventHookExecutionStatus; where there is none, goes on. */
function callHook(
  context: Context,
  { deployment, group, lifecycle }: { deployment: Deployment; group: Group; lifecycle: Lifecycle },
): void {
  const { id, hooks } = deployment;
  const hook = hooks[lifecycle];
  if (hook === undefined) {
    context.later(context.now, 'Next', { id, after: lifecycle });
    return;
  }
  const execution = context.dice.hex(32, 'codedeploy', 'hook', context.region, id, lifecycle);
  deployment.waitsFor = { lifecycle, execution };
  inItsName(group, context, {
    service: 'lambda',
    action: 'Invoke',
    input: {
      FunctionName: hook,
      InvocationType: 'Event',
      Payload: JSON.stringify({ DeploymentId: id, LifecycleEventHookExecutionId: execution }),
    },
  });
  context.later(context.now + HOOK_MS, 'HookOverdue', { id, execution });
}

export const hookOverdue: Step = step(({ state, context, deployment, input }) => {
  if (deployment.waitsFor?.execution !== input.execution) return;
  const message = `The hook ${deployment.waitsFor!.lifecycle} did not say within an hour how it went.`;
  const error = { code: 'TIMEOUT', message } as const;
  end(state, context, { deployment, status: 'Failed', occasion: 'DEPLOYMENT_FAILURE', error });
});

export const watch: Step = step(
  ({ state, context, deployment, group }) => void lookAtAlarms(state, context, { deployment, group }),
);

/** Stops the deployment if an alarm is on, whenever that began; else looks again later. */
function lookAtAlarms(
  state: Deployments,
  context: Context,
  { deployment, group }: { deployment: Deployment; group: Group },
): boolean {
  const { enabled = false, alarms = [] } = group.alarms;
  if (!enabled) return false;
  const on = alarmsThatAreOn(
    context,
    group,
    alarms.map(({ name }) => name!),
  );
  if (on.length === 0) {
    context.later(context.now + LOOK_MS, 'Watch', { id: deployment.id });
    return false;
  }
  const message = `One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: ${on.join(', ')}`;
  const error = { code: 'ALARM_ACTIVE', message } as const;
  end(state, context, { deployment, status: 'Stopped', occasion: 'DEPLOYMENT_STOP_ON_ALARM', error });
  return true;
}

/** With `ignorePollAlarmFailure`, what cannot be looked at counts as off. */
function alarmsThatAreOn(context: Context, group: Group, names: readonly string[]): string[] {
  try {
    const input = { AlarmNames: [...names], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] };
    const { MetricAlarms = [], CompositeAlarms = [] } = inItsName<DescribeAlarmsOutput>(group, context, {
      service: 'monitoring',
      action: 'DescribeAlarms',
      input,
    });
    return [...MetricAlarms, ...CompositeAlarms]
      .filter(({ StateValue }) => StateValue === 'ALARM')
      .map(({ AlarmName }) => AlarmName!);
  } catch (error) {
    if (isServiceError(error) && group.alarms.ignorePollAlarmFailure) return [];
    throw error;
  }
}
