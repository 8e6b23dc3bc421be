/**
 * Stages of this checkout that a cloud has not, because another version is deployed there. What looks goes on without them and says
 * so; what changes something does not begin.
 */
import { names } from '../model/names.ts';
import type { Box } from './letters.ts';
import { queueUrlOf } from './queue-url.ts';
import { RefusedError, type Target } from './target.ts';

export interface Deployed {
  /** The same, of the stages that are deployed there. */
  readonly target: Target;
  /** The stages that are not. */
  readonly missing: readonly string[];
}

/**
 * A stage is there if the queue of its letters is.
 * @throws RefusedError when none is: the pipeline is not deployed there
 */
export async function deployedOf(target: Target): Promise<Deployed> {
  const { pipeline, deployment } = target;
  const refusals = await Promise.all(
    pipeline.stages.map(({ name }) => refusal(queueUrlOf(target, names.deadLetters(deployment, name)))),
  );
  const stages = pipeline.stages.filter((_, index) => refusals[index] === undefined);
  if (stages.length === 0) throw refusals[0];
  const missing = pipeline.stages.filter((stage) => !stages.includes(stage)).map(({ name }) => name);
  return { target: { ...target, pipeline: { ...pipeline, stages } }, missing };
}

/** @throws whatever is no refusal */
const refusal = (asked: Promise<unknown>): Promise<RefusedError | undefined> =>
  asked.then(
    () => undefined,
    (error) => {
      if (error.name !== 'RefusedError') throw error;
      return error;
    },
  );

/**
 * Looks for the queues of letters before the first of them is touched.
 * @throws RefusedError when one is not there
 */
export async function mustBeThere(target: Target, boxes: readonly Box[]): Promise<void> {
  const missed = await refusal(Promise.all(boxes.map(({ queue }) => queueUrlOf(target, queue))));
  if (missed === undefined) return;
  const { missing } = await deployedOf(target);
  const wanted = missing.filter((name) => boxes.some(({ stage }) => stage === name));
  throw wanted.length === 0 ? missed : otherVersion(target, wanted);
}

export const otherVersion = ({ region }: Target, missing: readonly string[]): RefusedError =>
  new RefusedError(
    `${tellMissing(region, missing)}, so nothing was changed. Use the checkout of the version that is deployed there`,
  );

/** `extra-stage is a stage of this checkout that is not deployed in eu-west-1`. */
export const tellMissing = (region: string, missing: readonly string[]): string =>
  missing.length === 1
    ? `${missing[0]} is a stage of this checkout that is not deployed in ${region}`
    : `${missing.join(', ')} are stages of this checkout that are not deployed in ${region}`;
