import { describe, expect, test } from 'vitest';
import { withArchival } from '../../../localcloud/drive/archival.ts';
import { archived } from '../../../localcloud/events/archive-event.ts';
import { createEventBridge } from '../../../localcloud/events/index.ts';
import type { Events } from '../../../localcloud/events/state.ts';
import { testCloud } from '../bench-cloud.ts';
import { stubMonitoring } from '../drive/stubs.ts';
import { archiveArn, busArn, MORNING, withArchive } from './stubs.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

describe('an archive', () => {
  test('has most events within ten seconds, and all within ten minutes', async () => {
    const { put, call, pass } = await withArchive();
    for (let n = 0; n < 100; n++) await put({ n });
    const count = async () => (await call('events', 'DescribeArchive', { ArchiveName: 'kept' })).EventCount;
    expect(await count()).toBeLessThan(5);
    await pass(10_000);
    const prompt = await count();
    expect(prompt).toBeGreaterThan(65);
    expect(prompt).toBeLessThan(95);
    await pass(5 * MINUTE);
    expect(await count()).toBeGreaterThan(prompt);
    expect(await count()).toBeLessThan(100);
    await pass(5 * MINUTE);
    expect(await count()).toBe(100);
  });

  test('has them sooner where it is asked to', async () => {
    const services = withArchival([createEventBridge(), stubMonitoring], 5000);
    const { cloud, call, pass } = testCloud(services);
    const EventSourceArn = 'arn:aws:events:eu-west-1:123456789012:event-bus/default';
    await call('events', 'CreateArchive', { ArchiveName: 'kept', EventSourceArn });
    const Entries = Array.from({ length: 10 }, () => ({ Source: 's', DetailType: 'd', Detail: '{}' }));
    await call('events', 'PutEvents', { Entries });
    await pass(5000);
    expect(archived(cloud.state<Events>('events', 'eu-west-1').archives.get('kept')!, cloud.now())).toHaveLength(10);
  });

  test('keeps what its pattern matches, for as long as it says', async () => {
    const EventPattern = JSON.stringify({ detail: { n: [{ numeric: ['>', 1] }] } });
    const { put, call, pass } = await withArchive({
      EventPattern,
      RetentionDays: 1,
      Description: 'd',
      KmsKeyIdentifier: 'k',
    });
    for (let n = 0; n < 4; n++) await put({ n });
    await pass(10 * MINUTE);
    expect(await call('events', 'DescribeArchive', { ArchiveName: 'kept' })).toEqual({
      ArchiveName: 'kept',
      ArchiveArn: archiveArn,
      EventSourceArn: busArn('trade'),
      EventPattern,
      Description: 'd',
      KmsKeyIdentifier: 'k',
      RetentionDays: 1,
      State: 'ENABLED',
      EventCount: 2,
      SizeBytes: 2 * '{"n":2}'.length,
      CreationTime: new Date(MORNING),
    });
    await pass(DAY);
    expect(await call('events', 'DescribeArchive', { ArchiveName: 'kept' })).toMatchObject({
      EventCount: 0,
      SizeBytes: 0,
    });
  });

  test('sees what no rule asks for, also if it is made or changed later than the rules', async () => {
    const { put, call, pass } = await withArchive();
    await put({ n: 1 });
    const EventPattern = JSON.stringify({ detail: { n: [2] } });
    await call('events', 'CreateArchive', { ArchiveName: 'late', EventSourceArn: busArn('trade'), EventPattern });
    await put({ n: 2 });
    await call('events', 'UpdateArchive', {
      ArchiveName: 'late',
      EventPattern: JSON.stringify({ detail: { m: [3] } }),
    });
    await put({ m: 3 });
    await pass(10 * MINUTE);
    expect(await call('events', 'DescribeArchive', { ArchiveName: 'late' })).toMatchObject({ EventCount: 2 });
  });

  test('is changed, listed and deleted', async () => {
    const { call } = await withArchive();
    await call('events', 'UpdateArchive', { ArchiveName: 'kept', RetentionDays: 7 });
    const { Archives } = await call('events', 'ListArchives', { EventSourceArn: busArn('trade') });
    expect(Archives).toMatchObject([{ ArchiveName: 'kept', RetentionDays: 7 }]);
    expect(await call('events', 'ListArchives', { NamePrefix: 'x' })).toEqual({ Archives: [] });
    await expect(
      call('events', 'CreateArchive', { ArchiveName: 'kept', EventSourceArn: busArn('trade') }),
    ).rejects.toMatchObject({ code: 'ResourceAlreadyExistsException', message: 'Archive kept already exists.' });
    await call('events', 'DeleteArchive', { ArchiveName: 'kept' });
    await expect(call('events', 'DescribeArchive', { ArchiveName: 'kept' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Archive kept does not exist.',
    });
  });

  test('of a bus that does not exist is refused', async () => {
    const { call } = await withArchive();
    const made = call('events', 'CreateArchive', { ArchiveName: 'new', EventSourceArn: busArn('none') });
    await expect(made).rejects.toMatchObject({ message: 'Event bus none does not exist.' });
  });
});
