/** Applications: what deployment groups belong to. Only of Lambda. */
import type {
  CreateApplicationInput,
  CreateApplicationOutput,
  DeleteApplicationInput,
  GetApplicationInput,
  GetApplicationOutput,
} from '@aws-sdk/client-codedeploy';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { applicationName, applicationNamed, type Deployments } from './state.ts';

export const createApplication: Action<Deployments, CreateApplicationInput, CreateApplicationOutput> = (
  input,
  { applications },
  { now, dice, region },
) => {
  refuseUnknown('codedeploy:CreateApplication', input, ['applicationName', 'computePlatform']);
  const name = applicationName(input.applicationName);
  const platform = input.computePlatform ?? 'Server';
  if (!['Lambda', 'Server', 'ECS'].includes(platform)) {
    throw new ServiceError('InvalidComputePlatformException', `${platform} is no compute platform`);
  }
  if (platform !== 'Lambda') {
    throw new ServiceError('NotImplemented', `codedeploy: the local cloud deploys to Lambda only, not to ${platform}`, {
      status: 501,
    });
  }
  if (applications.has(name)) {
    throw new ServiceError('ApplicationAlreadyExistsException', `Application already exists with name: ${name}`);
  }
  const id = dice.uuid('codedeploy', 'application', region, name);
  applications.set(name, { name, id, createdAt: now, groups: new Map() });
  return { applicationId: id };
};

export const getApplication: Action<Deployments, GetApplicationInput, GetApplicationOutput> = (input, state) => {
  refuseUnknown('codedeploy:GetApplication', input, ['applicationName']);
  const { name, id, createdAt } = applicationNamed(state, input.applicationName);
  return {
    application: {
      applicationId: id,
      applicationName: name,
      createTime: new Date(createdAt),
      linkedToGitHub: false,
      computePlatform: 'Lambda',
    },
  };
};

/** DeleteApplication, with its groups. One that is not there is as good as deleted. */
export const deleteApplication: Action<Deployments, DeleteApplicationInput, object> = (input, { applications }) => {
  refuseUnknown('codedeploy:DeleteApplication', input, ['applicationName']);
  applications.delete(applicationName(input.applicationName));
  return {};
};
