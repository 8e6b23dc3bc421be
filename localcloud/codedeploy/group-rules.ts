/** What the settings of a deployment group must be (API reference, CreateDeploymentGroup). */
import type { AlarmConfiguration, AutoRollbackConfiguration, DeploymentStyle } from '@aws-sdk/client-codedeploy';
import { refuseUnknown, ServiceError } from '../service.ts';

/** "You can associate up to ten CloudWatch alarms with a deployment group" (user guide, "Monitoring deployments with CloudWatch alarms"). */
const ALARMS_MAX = 10;

/** @throws ServiceError `AlarmsLimitExceededException`, `InvalidAlarmConfigException` */
export function checkAlarms(alarms: AlarmConfiguration): AlarmConfiguration {
  refuseUnknown('codedeploy alarmConfiguration', alarms, ['enabled', 'alarms', 'ignorePollAlarmFailure']);
  const names = (alarms.alarms ?? []).map(({ name }) => name);
  if (names.length > ALARMS_MAX) {
    throw new ServiceError(
      'AlarmsLimitExceededException',
      `${names.length} alarms were given; ${ALARMS_MAX} are allowed`,
    );
  }
  const wrong = names.find((name, at) => !name || name.length > 255 || names.indexOf(name) !== at);
  if (wrong !== undefined) {
    throw new ServiceError(
      'InvalidAlarmConfigException',
      `${JSON.stringify(wrong)} is no name of an alarm, or named twice`,
    );
  }
  if (alarms.enabled && names.length === 0) {
    throw new ServiceError('InvalidAlarmConfigException', 'The alarm configuration is enabled and names no alarm');
  }
  return alarms;
}

const OCCASIONS = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'];

/** @throws ServiceError `InvalidAutoRollbackConfigException` */
export function checkRollback(rollback: AutoRollbackConfiguration): AutoRollbackConfiguration {
  refuseUnknown('codedeploy autoRollbackConfiguration', rollback, ['enabled', 'events']);
  const { enabled, events = [] } = rollback;
  const unknown = events.find((event) => !OCCASIONS.includes(event));
  if (unknown === undefined && !(enabled && events.length === 0)) return rollback;
  throw new ServiceError(
    'InvalidAutoRollbackConfigException',
    `Automatic rollback needs an occasion: one or more of ${OCCASIONS.join(', ')}, not ${JSON.stringify(events)}`,
  );
}

/** @throws ServiceError `InvalidDeploymentStyleException`: Lambda knows only one */
export function checkStyle(style: DeploymentStyle | undefined): DeploymentStyle {
  const { deploymentType = 'BLUE_GREEN', deploymentOption = 'WITH_TRAFFIC_CONTROL' } = style ?? {};
  if (deploymentType === 'BLUE_GREEN' && deploymentOption === 'WITH_TRAFFIC_CONTROL') {
    return { deploymentType, deploymentOption };
  }
  throw new ServiceError(
    'InvalidDeploymentStyleException',
    'For Lambda deployment groups, the deployment type must be BLUE_GREEN and the deployment option WITH_TRAFFIC_CONTROL',
  );
}
