import {
  CreateApplicationCommand,
  DeleteApplicationCommand,
  DeleteDeploymentGroupCommand,
  GetApplicationCommand,
  GetDeploymentGroupCommand,
  UpdateDeploymentGroupCommand,
} from '@aws-sdk/client-codedeploy';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, createGroup, type GroupSettings, givenApplication, givenShifter } from './given.ts';

const long = 'n'.repeat(101);

behaviour(
  'an application is made, shown, and gone with its groups; deleting it again is no error',
  {
    source: api('CreateApplication'),
    covers: ['codedeploy:CreateApplication', 'codedeploy:GetApplication', 'codedeploy:DeleteApplication'],
  },
  async (aws) => {
    const applicationName = await givenApplication(aws);
    const { application } = await aws.codedeploy.send(new GetApplicationCommand({ applicationName }));
    expect(application).toMatchObject({ applicationName, computePlatform: 'Lambda', linkedToGitHub: false });
    for (let times = 2; times > 0; times--)
      await aws.codedeploy.send(new DeleteApplicationCommand({ applicationName }));
    await refused(
      aws.codedeploy.send(new GetApplicationCommand({ applicationName })),
      'ApplicationDoesNotExistException',
      `No application found for name: ${applicationName}`,
    );
  },
);

behaviour(
  'an application has a name that is free, of 100 characters at most, and a platform that there is',
  {
    source: api('CreateApplication'),
    covers: [
      'codedeploy:CreateApplication!ApplicationAlreadyExistsException',
      'codedeploy:CreateApplication!ApplicationNameRequiredException',
      'codedeploy:CreateApplication!InvalidApplicationNameException',
      'codedeploy:CreateApplication!InvalidComputePlatformException',
      'codedeploy:GetApplication!ApplicationDoesNotExistException',
      'codedeploy:GetApplication!ApplicationNameRequiredException',
      'codedeploy:GetApplication!InvalidApplicationNameException',
      'codedeploy:DeleteApplication!ApplicationNameRequiredException',
      'codedeploy:DeleteApplication!InvalidApplicationNameException',
    ],
  },
  async (aws) => {
    const create = (applicationName?: string, computePlatform: any = 'Lambda') =>
      aws.codedeploy.send(new CreateApplicationCommand({ applicationName, computePlatform }));
    await refused(create(await givenApplication(aws)), 'ApplicationAlreadyExistsException');
    await refused(create(aws.name('contract'), 'Mainframe'), 'InvalidComputePlatformException');
    await refused(
      aws.codedeploy.send(new GetApplicationCommand({ applicationName: 'nowhere' })),
      'ApplicationDoesNotExistException',
    );
    for (const [name, error] of [
      [undefined, 'ApplicationNameRequiredException'],
      [long, 'InvalidApplicationNameException'],
    ] as const) {
      await refused(create(name), error);
      await refused(aws.codedeploy.send(new GetApplicationCommand({ applicationName: name })), error);
      await refused(aws.codedeploy.send(new DeleteApplicationCommand({ applicationName: name })), error);
    }
  },
);

const getGroup = (aws: Aws, applicationName: string | undefined, deploymentGroupName: string | undefined = 'group') =>
  aws.codedeploy.send(new GetDeploymentGroupCommand({ applicationName, deploymentGroupName }));

const updateGroup = (aws: Aws, applicationName: string | undefined, settings: object = {}) =>
  aws.codedeploy.send(
    new UpdateDeploymentGroupCommand({ applicationName, currentDeploymentGroupName: 'group', ...settings }),
  );

behaviour(
  'a group says how, by whom and under which alarms an alias is shifted; an update leaves what it does not mention',
  {
    source: api('UpdateDeploymentGroup'),
    covers: [
      'codedeploy:CreateDeploymentGroup',
      'codedeploy:GetDeploymentGroup',
      'codedeploy:UpdateDeploymentGroup',
      'codedeploy:DeleteDeploymentGroup',
    ],
  },
  async (aws) => {
    const applicationName = await givenApplication(aws);
    const serviceRoleArn = await givenShifter(aws);
    const deploymentConfigName = 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute';
    const { deploymentGroupId } = await createGroup(aws, applicationName, { serviceRoleArn, deploymentConfigName });
    const alarmConfiguration = { enabled: true, alarms: [{ name: 'errors' }] };
    const autoRollbackConfiguration = { enabled: true, events: ['DEPLOYMENT_FAILURE' as const] };
    await updateGroup(aws, applicationName, { alarmConfiguration, autoRollbackConfiguration });
    expect((await getGroup(aws, applicationName)).deploymentGroupInfo).toMatchObject({
      ...{ applicationName, deploymentGroupId, deploymentGroupName: 'group', computePlatform: 'Lambda' },
      ...{ serviceRoleArn, deploymentConfigName, alarmConfiguration, autoRollbackConfiguration },
    });
    const other = await givenShifter(aws);
    await updateGroup(aws, applicationName, {
      serviceRoleArn: other,
      deploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
    });
    expect((await getGroup(aws, applicationName)).deploymentGroupInfo).toMatchObject({
      ...{ serviceRoleArn: other, deploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce', alarmConfiguration },
    });
    const remove = () =>
      aws.codedeploy.send(new DeleteDeploymentGroupCommand({ applicationName, deploymentGroupName: 'group' }));
    expect((await remove()).hooksNotCleanedUp).toEqual([]);
    await remove();
    await refused(getGroup(aws, applicationName), 'DeploymentGroupDoesNotExistException');
  },
);

const alarms = (...names: string[]) => ({ enabled: true, alarms: names.map((name) => ({ name })) });

/** Settings that a group cannot have, with what AWS says to them. */
const wrong: readonly (readonly [GroupSettings, string])[] = [
  [{ deploymentConfigName: 'nowhere' }, 'DeploymentConfigDoesNotExistException'],
  [{ deploymentConfigName: long }, 'InvalidDeploymentConfigNameException'],
  [{ serviceRoleArn: 'no-arn' }, 'InvalidRoleException'],
  [{ alarmConfiguration: alarms(...Array.from({ length: 11 }, (_, at) => `a${at}`)) }, 'AlarmsLimitExceededException'],
  [{ alarmConfiguration: alarms('a', 'a') }, 'InvalidAlarmConfigException'],
  [{ alarmConfiguration: alarms() }, 'InvalidAlarmConfigException'],
  [{ autoRollbackConfiguration: { enabled: true } }, 'InvalidAutoRollbackConfigException'],
  [{ deploymentStyle: { deploymentType: 'IN_PLACE' } }, 'InvalidDeploymentStyleException'],
];

behaviour(
  'settings of a group are judged when it is made and when it is changed',
  {
    source: api('CreateDeploymentGroup'),
    covers: [
      'codedeploy:CreateDeploymentGroup!AlarmsLimitExceededException',
      'codedeploy:CreateDeploymentGroup!DeploymentConfigDoesNotExistException',
      'codedeploy:CreateDeploymentGroup!InvalidAlarmConfigException',
      'codedeploy:CreateDeploymentGroup!InvalidAutoRollbackConfigException',
      'codedeploy:CreateDeploymentGroup!InvalidDeploymentConfigNameException',
      'codedeploy:CreateDeploymentGroup!InvalidDeploymentStyleException',
      'codedeploy:CreateDeploymentGroup!InvalidRoleException',
      'codedeploy:UpdateDeploymentGroup!AlarmsLimitExceededException',
      'codedeploy:UpdateDeploymentGroup!DeploymentConfigDoesNotExistException',
      'codedeploy:UpdateDeploymentGroup!InvalidAlarmConfigException',
      'codedeploy:UpdateDeploymentGroup!InvalidAutoRollbackConfigException',
      'codedeploy:UpdateDeploymentGroup!InvalidDeploymentConfigNameException',
      'codedeploy:UpdateDeploymentGroup!InvalidDeploymentStyleException',
      'codedeploy:UpdateDeploymentGroup!InvalidRoleException',
    ],
  },
  async (aws) => {
    const applicationName = await givenApplication(aws);
    const serviceRoleArn = await givenShifter(aws);
    await createGroup(aws, applicationName, { serviceRoleArn });
    for (const [settings, error] of wrong) {
      const deploymentGroupName = 'other';
      await refused(createGroup(aws, applicationName, { serviceRoleArn, deploymentGroupName, ...settings }), error);
      await refused(updateGroup(aws, applicationName, settings), error);
    }
  },
);

behaviour(
  'a role that does not let CodeDeploy in is refused when it is given',
  { source: api('CreateDeploymentGroup'), covers: ['codedeploy:CreateDeploymentGroup!InvalidRoleException'] },
  async (aws) => {
    const applicationName = await givenApplication(aws);
    const serviceRoleArn = `arn:aws:iam::${aws.account}:role/${aws.name('nobody')}`;
    await refused(createGroup(aws, applicationName, { serviceRoleArn }), 'InvalidRoleException');
  },
);

behaviour(
  'a group has a name that is free in its application, and a role',
  {
    source: api('CreateDeploymentGroup'),
    covers: [
      'codedeploy:CreateDeploymentGroup!ApplicationDoesNotExistException',
      'codedeploy:CreateDeploymentGroup!ApplicationNameRequiredException',
      'codedeploy:CreateDeploymentGroup!DeploymentGroupAlreadyExistsException',
      'codedeploy:CreateDeploymentGroup!DeploymentGroupNameRequiredException',
      'codedeploy:CreateDeploymentGroup!InvalidApplicationNameException',
      'codedeploy:CreateDeploymentGroup!InvalidDeploymentGroupNameException',
      'codedeploy:CreateDeploymentGroup!RoleRequiredException',
      'codedeploy:GetDeploymentGroup!ApplicationDoesNotExistException',
      'codedeploy:GetDeploymentGroup!ApplicationNameRequiredException',
      'codedeploy:GetDeploymentGroup!DeploymentGroupDoesNotExistException',
      'codedeploy:GetDeploymentGroup!DeploymentGroupNameRequiredException',
      'codedeploy:GetDeploymentGroup!InvalidApplicationNameException',
      'codedeploy:GetDeploymentGroup!InvalidDeploymentGroupNameException',
      'codedeploy:UpdateDeploymentGroup!ApplicationDoesNotExistException',
      'codedeploy:UpdateDeploymentGroup!ApplicationNameRequiredException',
      'codedeploy:UpdateDeploymentGroup!DeploymentGroupAlreadyExistsException',
      'codedeploy:UpdateDeploymentGroup!DeploymentGroupDoesNotExistException',
      'codedeploy:UpdateDeploymentGroup!DeploymentGroupNameRequiredException',
      'codedeploy:UpdateDeploymentGroup!InvalidApplicationNameException',
      'codedeploy:UpdateDeploymentGroup!InvalidDeploymentGroupNameException',
      'codedeploy:DeleteDeploymentGroup!ApplicationNameRequiredException',
      'codedeploy:DeleteDeploymentGroup!DeploymentGroupNameRequiredException',
      'codedeploy:DeleteDeploymentGroup!InvalidApplicationNameException',
      'codedeploy:DeleteDeploymentGroup!InvalidDeploymentGroupNameException',
    ],
  },
  async (aws) => {
    const applicationName = await givenApplication(aws);
    const serviceRoleArn = await givenShifter(aws);
    const calls = (application: string | undefined, group: string | undefined) => ({
      create: () => createGroup(aws, application!, { serviceRoleArn, deploymentGroupName: group }),
      get: () =>
        aws.codedeploy.send(
          new GetDeploymentGroupCommand({ applicationName: application, deploymentGroupName: group }),
        ),
      update: () => updateGroup(aws, application, { currentDeploymentGroupName: group }),
      remove: () =>
        aws.codedeploy.send(
          new DeleteDeploymentGroupCommand({ applicationName: application, deploymentGroupName: group }),
        ),
    });
    for (const [application, group, error] of [
      [undefined, 'group', 'ApplicationNameRequiredException'],
      [long, 'group', 'InvalidApplicationNameException'],
      [applicationName, undefined, 'DeploymentGroupNameRequiredException'],
      [applicationName, long, 'InvalidDeploymentGroupNameException'],
    ] as const) {
      for (const call of Object.values(calls(application, group))) await refused(call(), error);
    }
    const { create, get, update } = calls('nowhere', 'group');
    for (const call of [create, get, update]) await refused(call(), 'ApplicationDoesNotExistException');
    const here = calls(applicationName, 'group');
    await refused(here.get(), 'DeploymentGroupDoesNotExistException');
    await refused(here.update(), 'DeploymentGroupDoesNotExistException');
    await refused(createGroup(aws, applicationName, { serviceRoleArn: '' }), 'RoleRequiredException');
    await here.create();
    await refused(here.create(), 'DeploymentGroupAlreadyExistsException');
    await createGroup(aws, applicationName, { serviceRoleArn, deploymentGroupName: 'taken' });
    await refused(
      updateGroup(aws, applicationName, { newDeploymentGroupName: 'taken' }),
      'DeploymentGroupAlreadyExistsException',
    );
    await updateGroup(aws, applicationName, { newDeploymentGroupName: 'renamed' });
    expect((await getGroup(aws, applicationName, 'renamed')).deploymentGroupInfo).toMatchObject({
      deploymentGroupName: 'renamed',
    });
  },
);
