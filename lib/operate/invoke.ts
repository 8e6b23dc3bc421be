/** Runs a function on a payload, as `sam local invoke` would: the version that works. */
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { LIVE, names } from '../model/names.ts';
import { RefusedError, type Target, UsageError } from './target.ts';

export interface Invoked {
  readonly ok: boolean;
  /** What the handler returned, or the error it died of. */
  readonly result: unknown;
  /** The last lines of the log, where Lambda returned them. */
  readonly log: string;
}

/** @throws UsageError when there is no such function */
export function functionKnown({ pipeline }: Target, name: string): string {
  const known = [...pipeline.stages.map((stage) => stage.name), 'sequencer'];
  if (known.includes(name)) return name;
  throw new UsageError(`there is no function ${name}; functions are ${known.join(', ')}`);
}

/** @throws UsageError when there is no such function, or the payload is not JSON; RefusedError when it is not deployed */
export async function invoke(target: Target, name: string, payload: string): Promise<Invoked> {
  const { deployment, lambda, region } = target;
  functionKnown(target, name);
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new UsageError(`the payload is not JSON: ${(error as Error).message}`);
  }
  const functionName = name === 'sequencer' ? names.sequencer(deployment) : names.function(deployment, name);
  try {
    const answer = await lambda.send(
      new InvokeCommand({
        FunctionName: functionName,
        Qualifier: LIVE,
        Payload: Buffer.from(payload),
        LogType: 'Tail',
      }),
    );
    const text = Buffer.from(answer.Payload ?? []).toString();
    return {
      ok: answer.FunctionError === undefined,
      result: text === '' ? null : JSON.parse(text),
      log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
    };
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    throw new RefusedError(
      `there is no function ${functionName} in ${region}; is ${names.base(deployment)} deployed there?`,
    );
  }
}
