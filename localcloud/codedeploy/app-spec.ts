/** What is to be deployed: an AppSpec for Lambda (user guide, "AppSpec File structure for AWS Lambda deployments"). */
import type { RevisionLocation } from '@aws-sdk/client-codedeploy';
import { refuseUnknown, ServiceError } from '../service.ts';

/** The two moments at which a Lambda deployment calls a hook. */
export type Lifecycle = 'BeforeAllowTraffic' | 'AfterAllowTraffic';

const LIFECYCLES: readonly string[] = ['BeforeAllowTraffic', 'AfterAllowTraffic'] satisfies Lifecycle[];

/** An alias, and the versions it moves between. */
export interface Target {
  readonly function: string;
  readonly alias: string;
  readonly from: string;
  readonly to: string;
}

export interface AppSpec {
  readonly target: Target;
  /** Names of functions. */
  readonly hooks: Readonly<Partial<Record<Lifecycle, string>>>;
}

const invalid = (message: string) => new ServiceError('InvalidRevisionException', message);

/** @throws ServiceError `RevisionRequiredException`, `InvalidRevisionException`; `NotImplemented` for what is not JSON in the request */
export function readRevision(revision: RevisionLocation | undefined): AppSpec {
  if (revision === undefined) throw new ServiceError('RevisionRequiredException', 'Revision is required');
  refuseUnknown('codedeploy revision', revision, ['revisionType', 'appSpecContent', 'string']);
  const content = revision.appSpecContent?.content ?? revision.string?.content;
  if (content === undefined) throw invalid('The revision has no AppSpec; give appSpecContent with its content');
  return readAppSpec(parsed(content));
}

function parsed(content: string): any {
  try {
    return JSON.parse(content);
  } catch {
    throw new ServiceError('NotImplemented', 'codedeploy: the local cloud reads an AppSpec that is JSON, not YAML', {
      status: 501,
    });
  }
}

function readAppSpec(spec: any): AppSpec {
  refuseUnknown('codedeploy AppSpec', Object(spec), ['version', 'Resources', 'Hooks']);
  const resources: any[] = (spec.Resources ?? []).flatMap((one: object) => Object.values(one));
  if (resources.length !== 1) throw invalid(`The AppSpec has ${resources.length} resources; it must have one`);
  const { Type, Properties = {} } = resources[0];
  if (Type !== 'AWS::Lambda::Function')
    throw invalid(`The AppSpec is of ${Type}; here it must be AWS::Lambda::Function`);
  const { Name, Alias, CurrentVersion, TargetVersion } = Properties;
  for (const [name, value] of Object.entries({ Name, Alias, CurrentVersion, TargetVersion })) {
    if (value === undefined || value === '') throw invalid(`The AppSpec does not say ${name}`);
  }
  const target = { function: Name, alias: Alias, from: String(CurrentVersion), to: String(TargetVersion) };
  return { target, hooks: readHooks(spec.Hooks ?? []) };
}

function readHooks(hooks: readonly Record<string, string>[]): AppSpec['hooks'] {
  const all = Object.fromEntries(hooks.flatMap((one) => Object.entries(one)));
  const unknown = Object.keys(all).find((name) => !LIFECYCLES.includes(name));
  if (unknown !== undefined)
    throw invalid(`${unknown} is no hook of a Lambda deployment; they are ${LIFECYCLES.join(', ')}`);
  return all;
}

/** The AppSpec that CloudFormation and a rollback write. */
export const appSpecOf = ({ target, hooks }: AppSpec): RevisionLocation => ({
  revisionType: 'AppSpecContent',
  appSpecContent: {
    content: JSON.stringify({
      version: 0.0,
      Resources: [
        {
          [target.function]: {
            Type: 'AWS::Lambda::Function',
            Properties: {
              Name: target.function,
              Alias: target.alias,
              CurrentVersion: target.from,
              TargetVersion: target.to,
            },
          },
        },
      ],
      Hooks: Object.entries(hooks).map(([lifecycle, name]) => ({ [lifecycle]: name })),
    }),
  },
});
