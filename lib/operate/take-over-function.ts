/**
 * The function that takes over when an alarm says that the other region is lost. An alarm calls asynchronously, and Lambda
 * tries such a call three times: what takes longer than one of them may goes on in the next.
 */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Pipeline } from '../model/pipeline.ts';
import { now, pause } from '../runtime/clock.ts';
import { readEnvironment, takingOver } from '../runtime/environment.ts';
import { functionLog } from '../runtime/log.ts';
import { measure, toldAtTheEnd } from '../runtime/measure.ts';
import { takeOver } from './take-over.ts';
import { createTarget } from './target.ts';

/** What CloudWatch calls with: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html */
export interface AlarmCall {
  readonly alarmData: { readonly alarmName: string; readonly state: { readonly value: string } };
}

/** So much is left to say what was done, when it is interrupted. */
const TO_SAY_MS = 60_000;

/** The Lambda handler. */
export const takeOverFunction = (pipeline: Pipeline) =>
  middy<AlarmCall, { readonly result: string }>()
    .use(injectLambdaContext(functionLog))
    .use(toldAtTheEnd)
    .handler(async ({ alarmData }: AlarmCall, context: Context) => {
      const { alarmName, state } = alarmData;
      if (state.value !== 'ALARM') return told(`${alarmName} is ${state.value}: nothing to do`);
      const { deployment, region, endpoint } = readEnvironment();
      const target = createTarget({ pipeline, deployment, region, ...(endpoint === undefined ? {} : { endpoint }) });
      const { done, refused, needsPerson } = await takeOver(target, {
        ...takingOver(),
        ...untilTheTimeIsUp(context),
        alarm: alarmName,
        onStep: (step) => functionLog.info(`${step.name} ${step.state}: ${step.detail}`),
      });
      if (needsPerson) measure('NotTakenOver', 1);
      if (refused !== undefined) return told(`not by itself: ${refused}`);
      // What is left of the lost region waits for its return; a replay that was cut short goes on with the next call.
      const cut = done.steps.find(({ name, state: how }) => name.startsWith('replay') && how === 'left');
      if (cut) throw new Error(`${cut.name} was not seen to its end: ${cut.detail}`);
      return told(`${done.to} has taken over from ${done.from}, epoch ${done.epoch}`);
    });

function told(result: string): { readonly result: string } {
  functionLog.warn(result);
  return { result };
}

/** Waits as ever, and interrupts before Lambda would. */
function untilTheTimeIsUp(context: Context) {
  const controller = new AbortController();
  const clock = {
    now,
    async pause(milliseconds: number) {
      if (context.getRemainingTimeInMillis() - milliseconds < TO_SAY_MS) controller.abort();
      else await pause(milliseconds);
    },
  };
  return { clock, signal: controller.signal };
}
