import { receivesOf } from '../../model/stage.ts';
import type { Invariant } from '../invariant.ts';

/** A queue gives no message out more often than its stage allows, and gives none up before it was tried as often. */
export const receivesInBounds: Invariant = {
  name: 'receives-in-bounds',
  claim: 'no message was received more often than its stage allows, and none was given up sooner',
  examine({ pipeline, queued, receivedTooOften, deadLettered }) {
    const allowed = new Map(pipeline.stages.map((stage) => [stage.name, receivesOf(stage)]));
    const early = deadLettered.filter((one) => one.receives !== undefined && one.receives < allowed.get(one.stage)!);
    return {
      cases: queued.length,
      violations: [
        ...receivedTooOften.map(
          (one) =>
            `${one.messageId} was received ${one.receives} times at ${one.stage}; allowed are ${allowed.get(one.stage)}`,
        ),
        ...early.map(
          (one) =>
            `${one.eventId} was given up at ${one.stage} after ${one.receives} receives; it has ${allowed.get(one.stage)}`,
        ),
      ],
    };
  },
};
