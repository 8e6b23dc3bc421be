import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Incoming, inRounds } from '../../../lib/runtime/batch.ts';
import { type Arrival, failed, type Settled } from '../../../lib/runtime/settled.ts';

const done: Settled = { done: true, outcomes: [] };
const arrival = (id: number, group: string) => ({ delivery: { messageId: String(id), group } }) as unknown as Arrival;

const batches = fc.array(
  fc.record({ group: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean(), unreadable: fc.boolean() }),
  { maxLength: 10 },
);

it('whatever fails: all later messages of its group fail, the others do not, and no two of a group are in hand at once', async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (messages) => {
      const order: string[] = [];
      const batch = messages.map(
        ({ group, unreadable }, id): Incoming =>
          unreadable ? { group, settled: done } : { arrival: arrival(id, group) },
      );
      const settled = await inRounds(batch, async (heads) => {
        const groups = heads.map(({ delivery }) => delivery.group);
        expect(new Set(groups).size).toBe(groups.length);
        return heads.map(({ delivery }) => {
          order.push(`${delivery.group}${delivery.messageId}`);
          return messages[Number(delivery.messageId)]!.fails ? failed(new Error('x')) : done;
        });
      });

      const failing = new Set<string>();
      messages.forEach(({ group, fails, unreadable }, id) => {
        const expected = !failing.has(group) && (unreadable || !fails);
        if (!expected) failing.add(group);
        expect(settled[id]!.done).toBe(expected);
      });
      for (const group of ['a', 'b', 'c']) {
        const ids = order.filter((one) => one.startsWith(group)).map((one) => Number(one.slice(1)));
        expect(ids).toEqual([...ids].sort((x, y) => x - y));
      }
    }),
  );
});
