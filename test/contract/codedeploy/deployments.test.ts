import { DeleteAlarmsCommand, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteDeploymentGroupCommand, GetDeploymentCommand, StopDeploymentCommand } from '@aws-sdk/client-codedeploy';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, begin, givenShift, givenShifter, look, over, traffic } from './given.ts';

const configurations = 'https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html';
const rollbacks = 'https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html';

const CANARY = { deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes' };
const MINUTE = 60_000;

behaviour(
  'all at once, the alias goes to the new version in one step',
  { source: configurations, covers: ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'] },
  async (aws) => {
    const shift = await givenShift(aws);
    const { deploymentId } = await begin(aws, shift, { more: { description: 'to the second' } });
    expect(deploymentId).toMatch(/^d-[A-Z0-9]{9}$/);
    expect(await over(aws, deploymentId)).toMatchObject({
      status: 'Succeeded',
      applicationName: shift.applicationName,
      deploymentGroupName: 'group',
      deploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
      description: 'to the second',
      creator: 'user',
      computePlatform: 'Lambda',
      revision: {
        revisionType: 'AppSpecContent',
        appSpecContent: { content: expect.stringContaining('"TargetVersion":"2"') },
      },
    });
    expect(await traffic(aws, shift.FunctionName)).toEqual(['2', {}]);
  },
);

behaviour(
  'a canary gives the new version a tenth, and everything five minutes later',
  { source: configurations, covers: ['codedeploy:CreateDeployment'] },
  async (aws) => {
    const shift = await givenShift(aws, CANARY);
    const { deploymentId } = await begin(aws, shift);
    await aws.pass(4.5 * MINUTE);
    expect(await traffic(aws, shift.FunctionName)).toEqual(['1', { 2: 0.1 }]);
    expect((await look(aws, deploymentId)).status).toBe('InProgress');
    await aws.pass(MINUTE);
    expect((await over(aws, deploymentId)).status).toBe('Succeeded');
    expect(await traffic(aws, shift.FunctionName)).toEqual(['2', {}]);
  },
);

behaviour(
  'a linear deployment gives the new version a tenth more each minute',
  { source: configurations, covers: ['codedeploy:CreateDeployment'] },
  async (aws) => {
    const shift = await givenShift(aws);
    const deploymentConfigName = 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute';
    const { deploymentId } = await begin(aws, shift, { more: { deploymentConfigName } });
    await aws.pass(2.5 * MINUTE);
    expect(await traffic(aws, shift.FunctionName)).toEqual(['1', { 2: 0.3 }]);
    await aws.pass(7 * MINUTE);
    expect((await over(aws, deploymentId)).status).toBe('Succeeded');
  },
);

/** An alarm that is as it is told. */
async function givenAlarm(aws: Aws) {
  const AlarmName = aws.name('contract');
  await aws.cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'Contract',
      MetricName: AlarmName,
      Statistic: 'Sum',
      Period: 3600,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    }),
  );
  aws.afterwards(() => aws.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })));
  const set = (StateValue: 'OK' | 'ALARM') =>
    aws.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'the test says so' }));
  return { name: AlarmName, set };
}

const onAlarm = (name: string) => ({
  alarmConfiguration: { enabled: true, alarms: [{ name }] },
  autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_STOP_ON_ALARM' as const] },
});

behaviour(
  'an alarm stops the deployment, and traffic goes back by a deployment of its own',
  { source: rollbacks, covers: ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'] },
  async (aws) => {
    const alarm = await givenAlarm(aws);
    const shift = await givenShift(aws, { ...CANARY, ...onAlarm(alarm.name) });
    const { deploymentId } = await begin(aws, shift);
    await aws.pass(MINUTE);
    expect(await traffic(aws, shift.FunctionName)).toEqual(['1', { 2: 0.1 }]);
    await alarm.set('ALARM');
    const stopped = await over(aws, deploymentId);
    expect(stopped).toMatchObject({
      status: 'Stopped',
      errorInformation: { code: 'ALARM_ACTIVE', message: expect.stringContaining(alarm.name) },
    });
    const back = await over(aws, stopped.rollbackInfo!.rollbackDeploymentId);
    expect(back).toMatchObject({
      status: 'Succeeded',
      creator: 'codeDeployRollback',
      rollbackInfo: { rollbackTriggeringDeploymentId: deploymentId },
    });
    expect(await traffic(aws, shift.FunctionName)).toEqual(['1', {}]);
  },
);

behaviour(
  'a deployment under an alarm that is on does not begin',
  { source: rollbacks, covers: ['codedeploy:CreateDeployment'] },
  async (aws) => {
    const alarm = await givenAlarm(aws);
    await alarm.set('ALARM');
    const shift = await givenShift(aws, onAlarm(alarm.name));
    const { deploymentId } = await begin(aws, shift);
    expect((await over(aws, deploymentId)).errorInformation).toMatchObject({ code: 'ALARM_ACTIVE' });
    expect(await traffic(aws, shift.FunctionName)).toEqual(['1', {}]);
  },
);

behaviour(
  'an alarm that cannot be looked at ends the deployment, unless the group says that it does not matter',
  {
    source: 'https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AlarmConfiguration.html',
    covers: ['codedeploy:CreateDeployment'],
  },
  async (aws) => {
    const serviceRoleArn = await givenShifter(aws, ['lambda:GetAlias', 'lambda:UpdateAlias']);
    const settings = onAlarm('whatever');
    const strict = await givenShift(aws, { serviceRoleArn, ...settings });
    expect(await over(aws, (await begin(aws, strict)).deploymentId)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'IAM_ROLE_PERMISSIONS', message: expect.stringContaining('cloudwatch:DescribeAlarms') },
    });
    const alarmConfiguration = { ...settings.alarmConfiguration, ignorePollAlarmFailure: true };
    const easy = await givenShift(aws, { serviceRoleArn, ...settings, alarmConfiguration });
    expect((await over(aws, (await begin(aws, easy)).deploymentId)).status).toBe('Succeeded');
  },
);

behaviour(
  'traffic is shifted in the name of the group’s role, and only from the version that the AppSpec names',
  { source: api('CreateDeployment'), covers: ['codedeploy:CreateDeployment'] },
  async (aws) => {
    const powerless = await givenShift(aws, { serviceRoleArn: await givenShifter(aws, ['lambda:GetAlias']) });
    expect(await over(aws, (await begin(aws, powerless)).deploymentId)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'IAM_ROLE_PERMISSIONS', message: expect.stringContaining('lambda:UpdateAlias') },
    });
    const shift = await givenShift(aws);
    const { deploymentId } = await begin(aws, shift, { from: '2', to: '1' });
    expect(await over(aws, deploymentId)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'INVALID_LAMBDA_CONFIGURATION' },
    });
    expect(await traffic(aws, shift.FunctionName)).toEqual(['1', {}]);
  },
);

const stop = (aws: Aws, deploymentId: string | undefined, autoRollbackEnabled?: boolean) =>
  aws.codedeploy.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled }));

behaviour(
  'a deployment that is stopped leaves traffic as it is, or sends it back',
  {
    source: api('StopDeployment'),
    covers: ['codedeploy:StopDeployment', 'codedeploy:StopDeployment!DeploymentAlreadyCompletedException'],
  },
  async (aws) => {
    const shift = await givenShift(aws, CANARY);
    const first = await begin(aws, shift);
    await aws.pass(MINUTE);
    expect(await stop(aws, first.deploymentId)).toMatchObject({ status: 'Succeeded' });
    expect(await over(aws, first.deploymentId)).toMatchObject({
      status: 'Stopped',
      errorInformation: { code: 'MANUAL_STOP' },
    });
    expect(await traffic(aws, shift.FunctionName)).toEqual(['1', { 2: 0.1 }]);
    await refused(stop(aws, first.deploymentId), 'DeploymentAlreadyCompletedException');

    const second = await begin(aws, shift);
    await aws.pass(MINUTE);
    await stop(aws, second.deploymentId, true);
    expect((await over(aws, second.deploymentId)).rollbackInfo).toBeDefined();
    expect(await traffic(aws, shift.FunctionName)).toEqual(['1', {}]);
  },
);

behaviour(
  'a group has one deployment at a time; without its group a deployment fails',
  {
    source: api('CreateDeployment'),
    covers: ['codedeploy:CreateDeployment!DeploymentLimitExceededException'],
  },
  async (aws) => {
    const shift = await givenShift(aws, CANARY);
    const { applicationName } = shift;
    const { deploymentId } = await begin(aws, shift);
    await refused(begin(aws, shift), 'DeploymentLimitExceededException', new RegExp(deploymentId!));
    await aws.pass(MINUTE);
    await aws.codedeploy.send(new DeleteDeploymentGroupCommand({ applicationName, deploymentGroupName: 'group' }));
    await aws.pass(5 * MINUTE);
    expect(await over(aws, deploymentId)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'DEPLOYMENT_GROUP_MISSING' },
    });
  },
);

const long = 'n'.repeat(101);

behaviour(
  'a deployment is of a group that there is, by a configuration that there is, with a revision that can be read',
  {
    source: api('CreateDeployment'),
    covers: [
      'codedeploy:CreateDeployment!ApplicationDoesNotExistException',
      'codedeploy:CreateDeployment!ApplicationNameRequiredException',
      'codedeploy:CreateDeployment!DeploymentConfigDoesNotExistException',
      'codedeploy:CreateDeployment!DeploymentGroupDoesNotExistException',
      'codedeploy:CreateDeployment!DeploymentGroupNameRequiredException',
      'codedeploy:CreateDeployment!DescriptionTooLongException',
      'codedeploy:CreateDeployment!InvalidApplicationNameException',
      'codedeploy:CreateDeployment!InvalidAutoRollbackConfigException',
      'codedeploy:CreateDeployment!InvalidDeploymentConfigNameException',
      'codedeploy:CreateDeployment!InvalidDeploymentGroupNameException',
      'codedeploy:CreateDeployment!InvalidRevisionException',
      'codedeploy:CreateDeployment!RevisionRequiredException',
    ],
  },
  async (aws) => {
    const shift = await givenShift(aws);
    const of = (content: object) => ({
      revisionType: 'AppSpecContent' as const,
      appSpecContent: { content: JSON.stringify({ version: 0, ...content }) },
    });
    const noTarget = [{ it: { Type: 'AWS::Lambda::Function', Properties: { Name: 'f' } } }];
    for (const [more, error] of [
      [{ applicationName: undefined }, 'ApplicationNameRequiredException'],
      [{ applicationName: long }, 'InvalidApplicationNameException'],
      [{ applicationName: 'nowhere' }, 'ApplicationDoesNotExistException'],
      [{ deploymentGroupName: undefined }, 'DeploymentGroupNameRequiredException'],
      [{ deploymentGroupName: long }, 'InvalidDeploymentGroupNameException'],
      [{ deploymentGroupName: 'nowhere' }, 'DeploymentGroupDoesNotExistException'],
      [{ deploymentConfigName: 'nowhere' }, 'DeploymentConfigDoesNotExistException'],
      [{ deploymentConfigName: long }, 'InvalidDeploymentConfigNameException'],
      [{ description: 'd'.repeat(10_001) }, 'DescriptionTooLongException'],
      [{ autoRollbackConfiguration: { enabled: true } }, 'InvalidAutoRollbackConfigException'],
      [{ revision: undefined }, 'RevisionRequiredException'],
      [{ revision: { revisionType: 'AppSpecContent' as const } }, 'InvalidRevisionException'],
      [{ revision: of({ Resources: [] }) }, 'InvalidRevisionException'],
      [{ revision: of({ Resources: noTarget }) }, 'InvalidRevisionException'],
      [{ revision: of({ Resources: [{ it: { Type: 'AWS::ECS::Service' } }] }) }, 'InvalidRevisionException'],
    ] as const) {
      await refused(begin(aws, shift, { more: more as object }), error);
    }
    await refused(begin(aws, shift, { hooks: [{ ApplicationStop: 'f' }] }), 'InvalidRevisionException');
  },
);

behaviour(
  'a deployment is known by its id',
  {
    source: api('GetDeployment'),
    covers: [
      'codedeploy:GetDeployment!DeploymentDoesNotExistException',
      'codedeploy:GetDeployment!DeploymentIdRequiredException',
      'codedeploy:GetDeployment!InvalidDeploymentIdException',
      'codedeploy:StopDeployment!DeploymentDoesNotExistException',
      'codedeploy:StopDeployment!DeploymentIdRequiredException',
      'codedeploy:StopDeployment!InvalidDeploymentIdException',
    ],
  },
  async (aws) => {
    for (const [id, error] of [
      [undefined, 'DeploymentIdRequiredException'],
      ['nothing', 'InvalidDeploymentIdException'],
      ['d-ABCDEF123', 'DeploymentDoesNotExistException'],
    ] as const) {
      await refused(aws.codedeploy.send(new GetDeploymentCommand({ deploymentId: id })), error);
      await refused(stop(aws, id), error);
    }
  },
);
