/** What CodeDeploy remembers in one region. */
import type {
  AlarmConfiguration,
  AutoRollbackConfiguration,
  DeploymentCreator,
  DeploymentStatus,
  DeploymentStyle,
  ErrorInformation,
  RevisionLocation,
  RollbackInfo,
} from '@aws-sdk/client-codedeploy';
import { ServiceError } from '../service.ts';
import type { Lifecycle, Target } from './app-spec.ts';
import type { ConfigurationName } from './configurations.ts';

export interface Group {
  name: string;
  readonly id: string;
  /** Renaming changes it. */
  arn: string;
  configuration: ConfigurationName;
  /** The ARN of the role in whose name traffic is shifted. */
  role: string;
  alarms: AlarmConfiguration;
  rollback: AutoRollbackConfiguration;
  style: DeploymentStyle;
}

export interface Application {
  readonly name: string;
  readonly id: string;
  readonly createdAt: number;
  /** By name. */
  readonly groups: Map<string, Group>;
}

export interface Deployment {
  readonly id: string;
  readonly application: string;
  readonly group: string;
  readonly configuration: ConfigurationName;
  readonly description: string | undefined;
  readonly revision: RevisionLocation;
  readonly target: Target;
  readonly hooks: Readonly<Partial<Record<Lifecycle, string>>>;
  readonly creator: DeploymentCreator;
  readonly rollback: AutoRollbackConfiguration;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  startedAt?: number;
  endedAt?: number;
  status: DeploymentStatus;
  error?: ErrorInformation;
  rollbackInfo?: RollbackInfo;
  /** Steps of the shift that have been taken. */
  shifted: number;
  /** The hook that is waited for. */
  waitsFor?: { readonly lifecycle: Lifecycle; readonly execution: string };
  /** Executions of hooks that have been answered. */
  readonly answered: Set<string>;
}

export interface Deployments {
  /** By name. */
  readonly applications: Map<string, Application>;
  /** By id. */
  readonly deployments: Map<string, Deployment>;
}

export const createDeployments = (): Deployments => ({ applications: new Map(), deployments: new Map() });

/** What is woken whenever a deployment has ended, its rollback included. */
export const ENDED = 'codedeploy:ended';

export const isOver = ({ status }: Deployment): boolean => ['Succeeded', 'Failed', 'Stopped'].includes(status);

/** @throws ServiceError `ApplicationNameRequiredException`, `InvalidApplicationNameException`, `ApplicationDoesNotExistException` */
export function applicationNamed({ applications }: Deployments, name: string | undefined): Application {
  const found = applications.get(applicationName(name));
  if (found) return found;
  throw new ServiceError('ApplicationDoesNotExistException', `No application found for name: ${name}`);
}

/** @throws ServiceError the same for groups */
export function groupNamed({ groups, name: application }: Application, name: string | undefined): Group {
  const found = groups.get(groupName(name));
  if (found) return found;
  throw new ServiceError(
    'DeploymentGroupDoesNotExistException',
    `No Deployment Group found for name: ${name} in application ${application}`,
  );
}

/** @throws ServiceError `DeploymentIdRequiredException`, `InvalidDeploymentIdException`, `DeploymentDoesNotExistException` */
export function deploymentOf({ deployments }: Deployments, id: string | undefined): Deployment {
  if (!id) throw new ServiceError('DeploymentIdRequiredException', 'Deployment ID is required');
  if (!/^d-[A-Z0-9]{9}$/.test(id)) {
    throw new ServiceError('InvalidDeploymentIdException', `Specified DeploymentId is not in the valid format: ${id}`);
  }
  const found = deployments.get(id);
  if (found) return found;
  throw new ServiceError('DeploymentDoesNotExistException', `The deployment ${id} could not be found`);
}

/** "Length Constraints: Minimum length of 1. Maximum length of 100." (API reference, of every name). */
export function applicationName(name: string | undefined): string {
  if (!name) throw new ServiceError('ApplicationNameRequiredException', 'Application name is required');
  if (name.length <= 100) return name;
  throw new ServiceError(
    'InvalidApplicationNameException',
    `The application name has ${name.length} characters; 100 are allowed`,
  );
}

export function groupName(name: string | undefined): string {
  if (!name) throw new ServiceError('DeploymentGroupNameRequiredException', 'Deployment Group name is required');
  if (name.length <= 100) return name;
  throw new ServiceError(
    'InvalidDeploymentGroupNameException',
    `The deployment group name has ${name.length} characters; 100 are allowed`,
  );
}
