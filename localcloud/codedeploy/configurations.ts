/** The ways in which CodeDeploy shifts an alias from one version to the next, all of them its own (user guide, "Predefined deployment configurations for an AWS Lambda compute platform"). */
import { ServiceError } from '../service.ts';

export type ConfigurationName = `CodeDeployDefault.Lambda${string}`;

/** One step of a shift: the share of the new version, and when it comes after the step before, in minutes. */
export interface Step {
  readonly share: number;
  readonly after: number;
}

const canary = (minutes: number): readonly Step[] => [
  { share: 0.1, after: 0 },
  { share: 1, after: minutes },
];

const linear = (minutes: number): readonly Step[] =>
  Array.from({ length: 10 }, (_, at) => ({ share: (at + 1) / 10, after: at === 0 ? 0 : minutes }));

const configurations: ReadonlyMap<string, readonly Step[]> = new Map([
  ['CodeDeployDefault.LambdaAllAtOnce', [{ share: 1, after: 0 }]],
  ...[5, 10, 15, 30].map(
    (minutes) => [`CodeDeployDefault.LambdaCanary10Percent${minutes}Minutes`, canary(minutes)] as const,
  ),
  ...[1, 2, 3, 10].map(
    (minutes) =>
      [
        `CodeDeployDefault.LambdaLinear10PercentEvery${minutes}Minute${minutes > 1 ? 's' : ''}`,
        linear(minutes),
      ] as const,
  ),
]);

/** @throws ServiceError `DeploymentConfigDoesNotExistException`, `InvalidDeploymentConfigNameException` */
export function configurationNamed(name: string): ConfigurationName {
  if (name.length > 100) {
    throw new ServiceError('InvalidDeploymentConfigNameException', `The name ${name} has more than 100 characters`);
  }
  if (configurations.has(name)) return name as ConfigurationName;
  throw new ServiceError(
    'DeploymentConfigDoesNotExistException',
    `No Deployment Configuration found for name: ${name}; the local cloud knows ${[...configurations.keys()].join(', ')}`,
  );
}

export const stepsOf = (name: ConfigurationName): readonly Step[] => configurations.get(name)!;
