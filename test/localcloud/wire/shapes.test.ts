/** The schemas of the SDK are not a documented interface: if a new version changes them, it is to be seen here first. */
import { expect, test } from 'vitest';
import { fronts } from '../../../localcloud/wire/fronts.ts';
import { errorOf, type Shape, vocabularyOf } from '../../../localcloud/wire/shapes.ts';

test('every client is understood: actions, and all that their requests and answers are made of', () => {
  for (const front of fronts) {
    const { operations } = vocabularyOf(front);
    expect(operations.size, front.service).toBeGreaterThan(10);
    const seen = new Set<Shape>();
    for (const operation of operations.values()) {
      for (const shape of [operation.input, operation.output]) {
        expect(['structure', 'nothing'], `${front.service}:${operation.name}`).toContain(shape.kind);
        visit(shape, seen);
      }
    }
  }
});

/** Nothing may be of an unknown kind. */
function visit(shape: Shape, seen: Set<Shape>): void {
  if (seen.has(shape)) return;
  seen.add(shape);
  expect(shape.kind).not.toBe('any');
  if (shape.kind === 'list' || shape.kind === 'map') visit(shape.of, seen);
  if (shape.kind === 'structure') for (const member of shape.members.values()) visit(member.shape, seen);
}

test('an error is found by the name of the SDK and by that of the query protocol', () => {
  expect(errorOf('sqs', 'QueueDoesNotExist')?.traits.awsQueryError?.[0]).toBe(
    'AWS.SimpleQueueService.NonExistentQueue',
  );
  expect(errorOf('sqs', 'AWS.SimpleQueueService.NonExistentQueue')?.name).toBe('QueueDoesNotExist');
  expect(errorOf('sqs', 'Wings')).toBeUndefined();
});
