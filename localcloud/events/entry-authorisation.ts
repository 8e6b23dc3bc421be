/**
 * PutEvents is judged entry by entry. Where the decision hangs on what an entry says of itself, that entry alone fails,
 * with `NotAuthorizedForSourceException` or `NotAuthorizedForDetailTypeException` (API reference, PutEventsResultEntry);
 * where the caller may not put events on that bus at all, the call fails.
 */
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { keyNeeds } from '../kms/authorisation.ts';
import type { Asked, Demand, Denied, Requirement } from '../policy/demand.ts';
import { ServiceError } from '../service.ts';
import { provenanceOf } from './provenance.ts';
import { markUnkept, refuseEntry } from './refusals.ts';
import { arnOf, type Bus } from './state.ts';

type Find = (nameOrArn: string | undefined) => Bus | undefined;

export function entryNeeds(entries: readonly PutEventsRequestEntry[], find: Find, asked: Asked): Requirement[] {
  const buses = new Map<Bus, PutEventsRequestEntry[]>();
  const needs: Requirement[] = [];
  for (const entry of entries) {
    const bus = find(entry.EventBusName);
    needs.push(entryDemand(entry, bus, asked));
    if (bus?.kmsKeyIdentifier) buses.set(bus, [...(buses.get(bus) ?? []), entry]);
  }
  for (const [bus, those] of buses) needs.push(...keeping(bus, those, asked));
  return needs;
}

function entryDemand(entry: PutEventsRequestEntry, bus: Bus | undefined, asked: Asked): Demand {
  const { EventBusName: name = 'default' } = entry;
  return {
    action: 'events:PutEvents',
    resource: bus?.arn ?? (name.startsWith('arn:') ? name : arnOf(asked, `event-bus/${name}`)),
    policy: bus?.policy,
    keys: {
      // Lists, of one here: the reference calls them ArrayOfString.
      'events:detail-type': entry.DetailType ? [entry.DetailType] : undefined,
      'events:source': entry.Source ? [entry.Source] : undefined,
      'events:eventbusinvocation': String(provenanceOf(entry) !== undefined),
    },
    refuse: (message, denied) => refusal(entry, message, denied),
  };
}

function refusal(entry: PutEventsRequestEntry, message: string, denied: Denied): ServiceError | undefined {
  const code = codeFor(denied);
  if (code === undefined) return new ServiceError('AccessDeniedException', message);
  const what = code === 'NotAuthorizedForSourceException' ? 'source' : 'detail type';
  refuseEntry(entry, { ErrorCode: code, ErrorMessage: `Not authorized for the ${what}.` });
  return undefined;
}

/** Which of the two codes, if the decision hangs on the entry's source or type; undefined if it would be no with any. */
function codeFor({ statement, nearMisses }: Denied): string | undefined {
  const ofEntry = (key: string) => key === 'events:source' || key === 'events:detail-type';
  const deciding = statement ? [statement.tests] : nearMisses.map(({ failed }) => failed);
  for (const tests of deciding) {
    const keys = tests.map(({ key }) => key.toLowerCase());
    // A statement that denies needs all of its conditions, so one of them decides; one that would allow lacks all that failed.
    if (statement ? !keys.some(ofEntry) : keys.length === 0 || !keys.every(ofEntry)) continue;
    return keys.includes('events:source') ? 'NotAuthorizedForSourceException' : 'NotAuthorizedForDetailTypeException';
  }
  return undefined;
}

/** EventBridge itself encrypts what is on a bus, whoever put it there; callers need nothing on the key. */
function keeping(bus: Bus, entries: readonly PutEventsRequestEntry[], asked: Asked): readonly Requirement[] {
  return keyNeeds(
    {
      key: bus.kmsKeyIdentifier!,
      operations: ['GenerateDataKey', 'Decrypt'],
      bound: { 'aws:events:event-bus:arn': bus.arn },
      as: { kind: 'service', account: asked.account, service: 'events.amazonaws.com', sourceArn: bus.arn },
      refuse: ({ message }) => {
        for (const entry of entries) markUnkept(entry, message);
        return undefined;
      },
    },
    asked,
  );
}
