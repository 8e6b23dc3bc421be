/** Every fault there is, by what it strikes. A new one is a file and its line here. */
import { clockSkew } from './clock-skew.ts';
import { crashAfter } from './crash-after.ts';
import { crashAtStart } from './crash-at-start.ts';
import { crashBefore } from './crash-before.ts';
import { deployment } from './deployment.ts';
import { duplicateDelivery } from './duplicate-delivery.ts';
import { duplicateEvent } from './duplicate-event.ts';
import { edgeRedelivery } from './edge-redelivery.ts';
import { errorAfter } from './error-after.ts';
import { errorBefore } from './error-before.ts';
import type { Fault } from './fault.ts';
import { flapping } from './flapping.ts';
import { hang } from './hang.ts';
import { hotPartition } from './hot-partition.ts';
import { isolation } from './isolation.ts';
import { keyDenied } from './key-denied.ts';
import { keyDisabled } from './key-disabled.ts';
import { lateEvent } from './late-event.ts';
import { lateExpiry } from './late-expiry.ts';
import { lateReplication } from './late-replication.ts';
import { lateRequest } from './late-request.ts';
import { leaderLost } from './leader-lost.ts';
import { lostDelete } from './lost-delete.ts';
import { malformedResponse } from './malformed-response.ts';
import { oneWayPartition } from './one-way-partition.ts';
import { outOfMemory } from './out-of-memory.ts';
import { outage } from './outage.ts';
import { partialPutEvents } from './partial-put-events.ts';
import { partialSend } from './partial-send.ts';
import { partition } from './partition.ts';
import { pausedSource } from './paused-source.ts';
import { redrive } from './redrive.ts';
import { regionLoss } from './region-loss.ts';
import { replayStorm } from './replay-storm.ts';
import { replicationPause } from './replication-pause.ts';
import { requestLost } from './request-lost.ts';
import { responseLost } from './response-lost.ts';
import { shortReceive } from './short-receive.ts';
import { slowAnswer } from './slow-answer.ts';
import { slowPoller } from './slow-poller.ts';
import { stackUpdate } from './stack-update.ts';
import { staleReplica } from './stale-replica.ts';
import { targetError } from './target-error.ts';
import { throttledFunction } from './throttled-function.ts';
import { throttling } from './throttling.ts';
import { timeout } from './timeout.ts';
import { transactionConflict } from './transaction-conflict.ts';
import { unprocessedKeys } from './unprocessed-keys.ts';

/** Functions. */
export const functions: readonly Fault[] = [crashBefore, crashAfter, crashAtStart, hang, outOfMemory, timeout];

/** The network, and services that fail. */
export const network: readonly Fault[] = [
  requestLost,
  responseLost,
  lateRequest,
  slowAnswer,
  errorBefore,
  errorAfter,
  throttling,
  outage,
];

/** Delivery from queues to functions. */
export const delivery: readonly Fault[] = [
  duplicateDelivery,
  edgeRedelivery,
  lostDelete,
  shortReceive,
  slowPoller,
  malformedResponse,
  partialSend,
];

/** The bus. */
export const bus: readonly Fault[] = [duplicateEvent, lateEvent, partialPutEvents, targetError, replayStorm];

/** Tables. */
export const tables: readonly Fault[] = [
  transactionConflict,
  hotPartition,
  leaderLost,
  unprocessedKeys,
  staleReplica,
  lateExpiry,
  lateReplication,
];

/** Keys. */
export const keys: readonly Fault[] = [keyDisabled, keyDenied];

/** Clocks. */
export const clocks: readonly Fault[] = [clockSkew];

/** Operations. */
export const operations: readonly Fault[] = [redrive, deployment, stackUpdate, throttledFunction, pausedSource];

/** Regions, and what is between them. They are apart from the others: what lasts so long leaves little else to be seen. */
export const regions: readonly Fault[] = [
  regionLoss,
  flapping,
  isolation,
  partition,
  oneWayPartition,
  replicationPause,
];

/** What a run of everything may meet; all there is but `regions`. */
export const catalogue: readonly Fault[] = [
  ...functions,
  ...network,
  ...delivery,
  ...bus,
  ...tables,
  ...keys,
  ...clocks,
  ...operations,
];

/** Whatever a plan may name. */
export const everyFault: readonly Fault[] = [...catalogue, ...regions];
