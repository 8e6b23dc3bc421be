/** The samples are what Lambda really hands to each function, and their events are of their schemas. */
import { readdirSync, readFileSync } from 'node:fs';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { sampleOrders } from '../../events/sample-orders.ts';
import { orders } from '../../functions/index.ts';
import { check } from '../../lib/model/check.ts';
import { isTerminal } from '../../lib/model/failure.ts';
import { names } from '../../lib/model/names.ts';
import { readPublications } from '../../lib/operate/send.ts';
import { readEvent } from '../../lib/runtime/delivery.ts';
import { judge } from '../../lib/runtime/sequencer.ts';

const folder = 'events/samples';
const sample = (name: string): any => JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));
const dev = { pipeline: 'orders', environment: 'dev' };

/** What producers publish, rather than what functions receive. */
const published = ['entries', 'refused-change'];

it('there is a sample for every function, and none for what is no function', () => {
  const expected = [...orders.stages.map(({ name }) => name), 'sequencer', ...published].map((name) => `${name}.json`);
  expect(readdirSync(folder).sort()).toEqual(expected.sort());
});

describe.each(orders.stages.map((stage) => [stage.name, stage] as const))('%s', (name, stage) => {
  const { Records }: SQSEvent = sample(name);

  it('is a FIFO batch of its queue', () => {
    for (const { eventSourceARN, attributes, messageAttributes, md5OfBody } of Records) {
      expect(eventSourceARN).toBe(`arn:aws:sqs:eu-west-1:123456789012:${names.queue(dev, name)}`);
      expect(Object.keys(attributes)).toEqual(
        expect.arrayContaining([
          'MessageGroupId',
          'MessageDeduplicationId',
          'SequenceNumber',
          'ApproximateReceiveCount',
        ]),
      );
      expect(messageAttributes).toEqual({});
      expect(md5OfBody).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it('covers every event type that the stage accepts, each of its schema', async () => {
    const types = new Set<string>();
    for (const { body, attributes } of Records) {
      const event = await readEvent(stage, body);
      if (isTerminal(event)) throw event;
      types.add(event.type);
      expect(attributes.MessageGroupId).toBe(event.partitionkey);
      expect(attributes.MessageDeduplicationId).toBe(event.id);
    }
    expect([...types].sort()).toEqual(stage.accepts.map(({ type }) => type).sort());
  });
});

it('the sequencer takes every message of its sample', async () => {
  for (const { body } of sample('sequencer').Records)
    expect(await judge(body, orders, 'charge-card')).toHaveProperty('event');
});

it.each(published)('%s can be sent as it is', async (name) => {
  for (const { event } of readPublications(readFileSync(`${folder}/${name}.json`, 'utf8'), `${name}.json`)) {
    const type = orders.entries.find((entry) => entry.type === event.type)!;
    expect(await check(type, event.data)).toHaveProperty('data');
  }
});

it('the sample orders are of their schemas, except those that say they were not checked', async () => {
  const sampled = sampleOrders(100);
  for (const { event, unchecked } of sampled) {
    const type = orders.entries.find((entry) => entry.type === event.type)!;
    expect(await check(type, event.data)).toHaveProperty(unchecked ? 'problem' : 'data');
  }
  expect(sampled.filter(({ unchecked }) => unchecked).length).toBeGreaterThan(0);
  expect(new Set(sampled.map(({ id }) => id)).size).toBeLessThan(sampled.length);
});
