/**
 * Looks at a new version before CodeDeploy gives it traffic: asks it to check itself, and reports. Its own answer is
 * always given: a deployment would wait for it for an hour.
 */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import {
  CodeDeployClient,
  GetDeploymentCommand,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import middy from '@middy/core';
import type { Context, SQSEvent } from 'aws-lambda';
import { names } from '../model/names.ts';
import { workersOf } from '../model/permissions.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { bounded, during } from './clients.ts';
import { inLambda, readEnvironment } from './environment.ts';
import { functionLog } from './log.ts';
import type { CheckRequest, CheckResult } from './self-check.ts';

/** What CodeDeploy tells a hook. */
export interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** Finds the payload of a function's sample in `events/samples`, by its stage or as `sequencer`. @throws Error when there is none */
export type Samples = (who: string) => Promise<SQSEvent>;

/** The Lambda handler of a pipeline's check. */
export function checkHook(pipeline: Pipeline, samples: Samples) {
  let built: ReturnType<typeof build> | undefined;
  const ready = () => (built ??= build(pipeline, samples));
  if (inLambda()) ready();
  return middy<HookEvent, { readonly status: string }>({ timeoutEarlyInMillis: 200 })
    .use(injectLambdaContext(functionLog))
    .handler((event: HookEvent, _context: Context, { signal }: { signal: AbortSignal }) =>
      during(signal, () => ready()(event)),
    );
}

/** A version that is new starts cold, with a few megabytes to load. */
const limits = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 20_000, throwOnRequestTimeout: true },
};

interface Machinery {
  readonly codedeploy: CodeDeployClient;
  readonly lambda: LambdaClient;
}

function build(pipeline: Pipeline, samples: Samples) {
  const { endpoint, deployment } = readEnvironment();
  const options = { ...limits, ...(endpoint === undefined ? {} : { endpoint }) };
  const machinery: Machinery = {
    codedeploy: bounded(new CodeDeployClient(options)),
    lambda: bounded(new LambdaClient(options)),
  };
  const examine = async ({ DeploymentId }: HookEvent): Promise<'Succeeded' | 'Failed'> => {
    try {
      const { who, version } = await deployedBy(DeploymentId, machinery, workersOf(pipeline));
      const sample = await samples(who).catch((cause) => {
        throw new Error(`there is no sample of ${who}; add events/samples/${who}.json`, { cause });
      });
      const functionName = names.function(deployment, who);
      const result = await askVersion({ functionName, version }, { check: { sample } }, machinery);
      refuseWrong(result, { who, version });
      functionLog.info('may be given traffic', { ...result });
      return 'Succeeded';
    } catch (error) {
      functionLog.error('traffic stays where it is', { error: error as Error });
      return 'Failed';
    }
  };
  return async (event: HookEvent) => {
    const status = await examine(event);
    await machinery.codedeploy.send(
      new PutLifecycleEventHookExecutionStatusCommand({
        deploymentId: event.DeploymentId,
        lifecycleEventHookExecutionId: event.LifecycleEventHookExecutionId,
        status,
      }),
    );
    return { status };
  };
}

/** A hook is told no more than the deployment. Its group is named after the function, and its AppSpec names the version. */
async function deployedBy(deploymentId: string, { codedeploy }: Machinery, known: readonly string[]) {
  const { deploymentInfo: info } = await codedeploy.send(new GetDeploymentCommand({ deploymentId }));
  const who = info?.deploymentGroupName ?? '';
  if (!known.includes(who)) throw new Error(`deployment ${deploymentId} is of ${who}; known are ${known.join(', ')}`);
  const content = info?.revision?.appSpecContent?.content ?? info?.revision?.string?.content ?? '';
  // JSON or YAML: who wrote it decides, and a number after a name looks the same in both.
  const version = /"?TargetVersion"?\s*:\s*["']?(\d+)/.exec(content)?.[1];
  if (version !== undefined) return { who, version };
  throw new Error(`the AppSpec of deployment ${deploymentId} names no TargetVersion: ${content.slice(0, 200)}`);
}

async function askVersion(
  { functionName, version }: { functionName: string; version: string },
  request: CheckRequest,
  { lambda }: Machinery,
): Promise<CheckResult> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({
      FunctionName: functionName,
      Qualifier: version,
      Payload: Buffer.from(JSON.stringify(request)),
    }),
  );
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined) throw new Error(`version ${version} of ${functionName} failed: ${text}`);
  return JSON.parse(text);
}

/** @throws Error unless it is this version of this function that answered, and found nothing wrong */
function refuseWrong(result: CheckResult, { who, version }: { who: string; version: string }): void {
  const {
    problems = ['it gave no answer to a check'],
    function: name,
    version: number,
  } = Object(result) as CheckResult;
  if (problems.length > 0) throw new Error(`version ${version} of ${who}: ${problems.join('; ')}`);
  if (name === who && number === version) return;
  throw new Error(`version ${version} of ${who} was asked, and version ${number} of ${name} answered`);
}
