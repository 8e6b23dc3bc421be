import { expect, test } from 'vitest';
import { pipeline } from '../../../bin/domain.ts';
import { briefly, eventOf, readPlan, writePlan } from '../../../bin/simulate/plan.ts';
import type { Prepared } from '../../../bin/start/prepare.ts';
import { names } from '../../../lib/model/names.ts';
import type { Call } from '../../../localcloud/service.ts';

const of = (service: string, input: object): Call => ({
  service,
  input,
  action: 'any',
  region: 'eu-west-1',
  principal: { kind: 'admin', account: '1', arn: 'arn' },
});

test('a call is about the event whose envelope it carries', () => {
  const envelope = JSON.stringify({ specversion: '1.0', id: 'e-1', source: 'shop' });
  const delivered = JSON.stringify({ version: '0', id: 'eventbridge', detail: { specversion: '1.0', id: 'e-1' } });
  expect(eventOf(of('events', { Entries: [{ Detail: envelope }, { Detail: '{"id":"e-2"}' }] }))).toBe('e-1');
  expect(eventOf(of('sqs', { MessageBody: delivered }))).toBe('e-1');
  expect(eventOf(of('sqs', { Entries: [{ MessageBody: envelope }] }))).toBe('e-1');
});

test('a call is about the event whose record it reads or writes', () => {
  const id = { S: 'bill#e-1' };
  expect(eventOf(of('dynamodb', { TransactItems: [{ Update: { Key: { id } } }] }))).toBe('e-1');
  expect(eventOf(of('dynamodb', { Item: { id } }))).toBe('e-1');
  expect(eventOf(of('dynamodb', { RequestItems: { records: { Keys: [{ id }] } } }))).toBe('e-1');
});

test('what it is about never breaks a firing or a plan', () => {
  expect(eventOf(of('dynamodb', { Key: { id: { S: 'bill#entity a|b,c' } } }))).toBe('entity~a~b~c');
  expect(eventOf(of('sqs', { MessageBody: 'no JSON' }))).toBeUndefined();
  expect(eventOf(of('kms', {}))).toBeUndefined();
  expect(eventOf(of('sqs', {}))).toBeUndefined();
});

test('a plan is read as it was written', () => {
  const plan = ['crash-before|bill|PutItem|e-1|1', 'hang|bill|PutItem|-|2'];
  expect(readPlan(writePlan(plan))).toEqual(plan);
  expect(readPlan('')).toEqual([]);
});

test('names are brief within their own deployment', () => {
  const brief = briefly({ config: { environment: 'dev' } } as Prepared);
  const queue = names.queue({ pipeline: pipeline.name, environment: 'dev' }, 'bill');
  expect(brief(queue)).toBe('bill.fifo');
  expect(brief('another')).toBe('another');
});
