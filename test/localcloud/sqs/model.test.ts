/**
 * The queue against the plainest thing that could be meant by it: an array, searched from end to end at every step.
 * A failing run prints its seed, which is all that is needed to have it again.
 */
import type { Message } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import type { Queues } from '../../../localcloud/sqs/state.ts';
import { createDice } from '../../../localcloud/world.ts';
import { queueIn, sqsCloud } from './queue-client.ts';

interface Item {
  body: string;
  group: string;
  hiddenUntil: number;
  order: number;
}

function createModel() {
  const items: Item[] = [];
  const ring: string[] = [];
  let order = 0;
  /** Only groups whose first message is visible stand in the ring; others join at its tail when they open. */
  const refresh = (group: string) => {
    const open = items.find((item) => item.group === group)?.hiddenUntil === 0;
    if (open === ring.includes(group)) return;
    if (open) ring.push(group);
    else ring.splice(ring.indexOf(group), 1);
  };
  const hide = (item: Item, until: number) => {
    item.hiddenUntil = until;
    item.order = order++;
    refresh(item.group);
  };
  return {
    items,
    hide,
    send(body: string, group: string) {
      items.push({ body, group, hiddenUntil: 0, order: 0 });
      refresh(group);
    },
    receive(limit: number, until: number): string[] {
      const taken: Item[] = [];
      while (taken.length < limit && ring.length > 0) {
        const members = items.filter(({ group }) => group === ring[0]);
        const closed = members.findIndex(({ hiddenUntil }) => hiddenUntil > 0);
        const prefix = members.slice(0, closed < 0 ? members.length : closed).slice(0, limit - taken.length);
        for (const item of prefix) hide(item, until);
        taken.push(...prefix);
      }
      return taken.map(({ body }) => body);
    },
    remove(item: Item) {
      items.splice(items.indexOf(item), 1);
      refresh(item.group);
    },
    reveal(now: number) {
      const due = items.filter(({ hiddenUntil }) => hiddenUntil > 0 && hiddenUntil <= now);
      due.sort((a, b) => a.hiddenUntil - b.hiddenUntil || a.order - b.order);
      for (const item of due) {
        item.hiddenUntil = 0;
        refresh(item.group);
      }
    },
  };
}

test.each([1, 3, 20])('a FIFO queue of %i groups does what an array would do', async (groups) => {
  for (let seed = 0; seed < 15; seed++) {
    const dice = createDice(`${groups}/${seed}`);
    const cloud = sqsCloud();
    const queue = await queueIn(cloud, 'q.fifo');
    const model = createModel();
    const held = new Map<string, Message>();
    for (let n = 0; n < 150; n++) {
      const at = `groups ${groups}, seed ${seed}, step ${n}`;
      const now = cloud.cloud.now();
      const choice = dice.between(0, 9, 'what');
      const [body, message] = [...held][dice.between(0, Math.max(0, held.size - 1), 'which')] ?? [];
      const item = model.items.find((one) => one.body === body);
      if (choice < 4) {
        const sent = `g${dice.between(1, groups, 'group')}-m${n}`;
        await queue.sendInOrder(sent);
        model.send(sent, sent.split('-')[0]!);
      } else if (choice < 6) {
        const limit = dice.between(1, 10, 'limit');
        const seconds = dice.between(1, 9, 'visibility');
        const received = await queue.receive({ MaxNumberOfMessages: limit, VisibilityTimeout: seconds });
        expect(
          received.map(({ Body }) => Body),
          at,
        ).toEqual(model.receive(limit, now + seconds * 1000));
        for (const one of received) held.set(one.Body!, one);
      } else if (choice < 8 && message && item) {
        const accepted = await queue.remove(message).then(
          () => true,
          () => false,
        );
        expect(accepted, at).toBe(item.hiddenUntil > 0);
        if (accepted) model.remove(item);
        if (accepted) held.delete(body!);
      } else if (choice === 8 && message && item && item.hiddenUntil > 0) {
        const seconds = dice.between(1, 9, 'extension');
        await queue.hide(message, seconds);
        model.hide(item, now + seconds * 1000);
      } else {
        await cloud.pass(dice.between(0, 4_000, 'pass'));
        model.reveal(cloud.cloud.now());
      }
      const inFlight = model.items.filter(({ hiddenUntil }) => hiddenUntil > 0).length;
      expect(await queue.attribute('ApproximateNumberOfMessagesNotVisible'), at).toBe(String(inFlight));
      expect(await queue.attribute('ApproximateNumberOfMessages'), at).toBe(String(model.items.length - inFlight));
    }
    const { groups: left } = cloud.cloud.state<Queues>('sqs', 'eu-west-1').queues.get('q.fifo')!;
    expect([...left.keys()].sort()).toEqual([...new Set(model.items.map(({ group }) => group))].sort());
  }
});
