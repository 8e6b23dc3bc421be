/** The log and the metrics of a function, by Powertools. Inside a handler every line carries the event's correlation id. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { CloudEvent } from '../model/envelope.ts';

/** Reads its settings from POWERTOOLS_SERVICE_NAME, POWERTOOLS_LOG_LEVEL and POWERTOOLS_METRICS_NAMESPACE. */
export const functionLog = new Logger();
export const metrics = new Metrics();

const current = new AsyncLocalStorage<() => Logger>();

/** For handlers and adapters: the log of the event in hand. */
export const log = (): Logger => current.getStore()?.() ?? functionLog;

/**
 * Runs `work` so that `log()` names the event in every line. Events of several groups are in hand at once, so each has its
 * own; it is made when the first line is written, for a logger costs more than most handlers do.
 */
export const withEvent = <T>(event: CloudEvent, work: () => T): T => {
  let own: Logger | undefined;
  return current.run(() => (own ??= childFor(event)), work);
};

const childFor = (event: CloudEvent): Logger =>
  functionLog.createChild({
    persistentKeys: {
      correlation_id: event.correlationid,
      event_id: event.id,
      event_type: event.type,
      entity: event.partitionkey,
    },
  });
