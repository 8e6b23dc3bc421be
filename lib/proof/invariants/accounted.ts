import type { History } from '../history.ts';
import type { Invariant } from '../invariant.ts';
import { watchOutstanding } from '../outstanding.ts';

/**
 * Each accepted event ends exactly once in each stage that accepts its type: completed, dead-lettered or quarantined. Or it
 * waits, parked, behind one of its entity that was dead-lettered or quarantined, until somebody sees to that. Where a producer
 * gave one id to several events, each of them ends; one is applied at most.
 */
export const accounted: Invariant = {
  name: 'accounted',
  claim: 'every accepted event ended exactly once in every stage that accepts it',
  examine(history) {
    const violations: string[] = [];
    const ends = endsOf(history);
    const apart = new Set(
      history.committedAgain.flatMap(({ stage, eventId, differs }) => (differs ? [`${stage}#${eventId}`] : [])),
    );
    const parked = new Set(history.parked.map(({ stage, eventId }) => `${stage}#${eventId}`));
    const { resting, twins, update } = watchOutstanding(history);
    update();
    let cases = 0;
    for (const { id, detailType } of firstSayings(history)) {
      for (const stage of history.pipeline.stages.filter((s) => s.accepts.some((type) => type.type === detailType))) {
        cases++;
        const key = `${stage.name}#${id}`;
        const found = parked.has(key) ? givenUpOnce(ends.get(key)) : (ends.get(key) ?? []);
        if (found.length === 0 && !resting.has(key))
          violations.push(`${detailType} ${id} was accepted, but never ended in ${stage.name}`);
        // What two regions decided apart may have ended in both, each in its way; whether it may is asked elsewhere.
        if (found.length > (apart.has(key) ? 2 : 1))
          violations.push(`${detailType} ${id} ended ${found.length} times in ${stage.name}: ${found.join(', ')}`);
      }
    }
    for (const { said, stage } of twins()) {
      const data = JSON.stringify(said.detail?.data);
      violations.push(
        `${said.id} was accepted as ${said.detailType} with ${data} as well, and that never ended in ${stage}`,
      );
    }
    return { cases, violations };
  },
};

/** Said again, an event is the same event. */
const firstSayings = ({ said }: History) => new Map(said.map((one) => [one.id, one])).values();

/** How each event ended at each stage. A dead letter ends what its commit ended, so the two count once. */
function endsOf({ commits, deadLettered, quarantined, sentBack }: History): ReadonlyMap<string, readonly string[]> {
  const ends = new Map<string, Map<string, string>>();
  const note = (stage: string, eventId: string, end: string, occasion: string) => {
    const key = `${stage}#${eventId}`;
    if (!ends.has(key)) ends.set(key, new Map());
    ends.get(key)!.set(occasion, end);
  };
  for (const { stage, eventId, failure, redrives } of commits) {
    if (!failure) note(stage, eventId, 'completed', `completed#${redrives}`);
  }
  const back = new Set(sentBack.map(({ messageId }) => messageId));
  const lastIn = new Map(
    [...commits, ...[...deadLettered, ...quarantined].filter(({ messageId }) => !back.has(messageId))]
      .sort((a, b) => a.n - b.n)
      .map(({ stage, eventId, region }) => [`${stage}#${eventId}`, region]),
  );
  const highest = new Map<string, number>();
  for (const { stage, eventId, messageId, number = 0 } of deadLettered) {
    const key = `${stage}#${eventId}`;
    if (!back.has(messageId)) highest.set(key, Math.max(number, highest.get(key) ?? 0));
  }
  for (const { stage, eventId, by, messageId, reason, region, number } of deadLettered) {
    // Another event under a known id: refused, and not the one that is accounted for here.
    if (reason === 'id-reused') continue;
    // A function that died before it noted its letter sent another, under the next number.
    if (by === 'stage' && number! < highest.get(`${stage}#${eventId}`)!) continue;
    // Of two regions, what one gave up and the other decided later tells of what was.
    if (lastIn.get(`${stage}#${eventId}`) !== region) continue;
    if (!back.has(messageId)) note(stage, eventId, `dead-lettered by ${by}`, messageId);
  }
  for (const { stage, eventId, messageId, region } of quarantined) {
    if (lastIn.get(`${stage}#${eventId}`) !== region) continue;
    if (!back.has(messageId)) note(stage, eventId, 'quarantined', 'quarantined');
  }
  return new Map([...ends].map(([key, occasions]) => [key, settle([...occasions.values()])]));
}

/**
 * A message whose event is completed may still be received too often, by a function that dies each time after its commit.
 * That dead letter applies nothing more, but it may owe what the commit decided to say: only its redrive says it, which is
 * what `nothing-unsaid` looks at. Nor does that of an event whose stage has sent a letter: of several, one holds.
 */
const settle = (ends: readonly string[]): readonly string[] =>
  ends.includes('completed') || ends.includes('dead-lettered by stage') ? ends.filter((end) => end !== byQueue) : ends;

/** What waits in the table has it from its first message; its queue may have given up several. */
const givenUpOnce = (ends: readonly string[] = []): readonly string[] =>
  ends.filter((end, index) => end !== byQueue || ends.indexOf(byQueue) === index);

const byQueue = 'dead-lettered by queue';
