/** Amazon EventBridge: buses, rules, targets, archives and replays. */
import type { Service } from '../service.ts';
import { createArchive, deleteArchive, describeArchive, listArchives, updateArchive } from './archives.ts';
import { createEventBus, deleteEventBus, describeEventBus, listEventBuses, updateEventBus } from './buses.ts';
import { deadLetter } from './dead-letter.ts';
import { deliver } from './deliver.ts';
import { sendMetrics } from './metrics.ts';
import { putPermission, removePermission } from './permissions.ts';
import { putEvents } from './put-events.ts';
import { putRule } from './put-rule.ts';
import { putTargets } from './put-targets.ts';
import { cancelReplay, describeReplay, endReplay, listReplays } from './replays.ts';
import { deleteRule, describeRule, disableRule, enableRule, listRuleNamesByTarget, listRules } from './rules.ts';
import { beginReplay, replayMinute, startReplay } from './start-replay.ts';
import { createEvents, type Events, type EventsOptions } from './state.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';
import { listTargetsByRule, removeTargets } from './targets.ts';
import { testEventPattern } from './test-event-pattern.ts';
import { putAsideAgain } from './unkept.ts';

/** EventBridge with limits of one's own; the drivers use it. */
export const createEventBridge = (options: EventsOptions = {}): Service<Events> => ({
  name: 'events',
  create: (region, account) => createEvents(region, account, options),
  actions: {
    CancelReplay: cancelReplay,
    CreateArchive: createArchive,
    CreateEventBus: createEventBus,
    DeleteArchive: deleteArchive,
    DeleteEventBus: deleteEventBus,
    DeleteRule: deleteRule,
    DescribeArchive: describeArchive,
    DescribeEventBus: describeEventBus,
    DescribeReplay: describeReplay,
    DescribeRule: describeRule,
    DisableRule: disableRule,
    EnableRule: enableRule,
    ListArchives: listArchives,
    ListEventBuses: listEventBuses,
    ListReplays: listReplays,
    ListRuleNamesByTarget: listRuleNamesByTarget,
    ListRules: listRules,
    ListTagsForResource: listTagsForResource,
    ListTargetsByRule: listTargetsByRule,
    PutEvents: putEvents,
    PutPermission: putPermission,
    PutRule: putRule,
    PutTargets: putTargets,
    RemovePermission: removePermission,
    RemoveTargets: removeTargets,
    StartReplay: startReplay,
    TagResource: tagResource,
    TestEventPattern: testEventPattern,
    UntagResource: untagResource,
    UpdateArchive: updateArchive,
    UpdateEventBus: updateEventBus,
  },
  internal: {
    beginReplay,
    deadLetter,
    deliver,
    endReplay,
    putAsideAgain,
    replayMinute,
    sendMetrics,
  },
});

export const events: Service<Events> = createEventBridge();
