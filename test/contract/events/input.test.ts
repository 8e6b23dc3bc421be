import { PutTargetsCommand, type Target } from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { bus, messages, pipe, publish, queue, rule } from './given.ts';

const recorded =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_inputs.snapshot.json';
const guide = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html';

/** What a target of this kind receives of an event with this detail: the texts of its messages. */
async function received(aws: Aws, target: Partial<Target>, detail: object): Promise<(string | undefined)[]> {
  const to = await pipe(aws, undefined, target);
  await publish(aws, { EventBusName: to.bus, DetailType: 'ordered', Detail: JSON.stringify(detail) });
  return (await messages(aws, to.inbox)).map(({ Body }) => Body);
}

async function refusedTarget(aws: Aws, target: Partial<Target>, message: string): Promise<void> {
  const [EventBusName, inbox] = [await bus(aws), await queue(aws)];
  const Targets = [{ Id: 't', Arn: inbox.arn, ...target }];
  const put = new PutTargetsCommand({ Rule: await rule(aws, EventBusName), EventBusName, Targets });
  await refused(aws.events.send(put), 'ValidationException', message);
}

behaviour(
  'Input is what the target receives, whatever the event says',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html',
    covers: ['events:PutTargets'],
  },
  async (aws) => {
    expect(await received(aws, { Input: '{ "fixed": [1] }' }, { n: 1 })).toEqual(['{ "fixed": [1] }']);
  },
);

behaviour(
  'InputPath is the part that the target receives, as JSON',
  { source: recorded, covers: ['events:PutTargets'] },
  async (aws) => {
    const detail = { order: { id: 'o1', lines: [{ sku: 'a' }, { sku: 'b' }] } };
    expect(await received(aws, { InputPath: '$.detail' }, detail)).toEqual([JSON.stringify(detail)]);
    expect(await received(aws, { InputPath: '$.detail.order.id' }, detail)).toEqual(['"o1"']);
    expect(await received(aws, { InputPath: '$.detail.order.lines[1]' }, detail)).toEqual(['{"sku":"b"}']);
    expect(await received(aws, { InputPath: "$['detail-type']" }, detail)).toEqual(['"ordered"']);
  },
);

behaviour(
  'two targets of a rule receive each its own part',
  { source: recorded, covers: ['events:PutTargets'] },
  async (aws) => {
    const [EventBusName, part, whole] = [await bus(aws), await queue(aws), await queue(aws)];
    await rule(aws, EventBusName, {
      targets: [
        { Id: 'part', Arn: part.arn, InputPath: '$.detail' },
        { Id: 'whole', Arn: whole.arn },
      ],
    });
    await publish(aws, { EventBusName });
    expect((await messages(aws, part))[0]!.Body).toBe('{"n":1}');
    expect(JSON.parse((await messages(aws, whole))[0]!.Body!)).toMatchObject({ source: 'contract', detail: { n: 1 } });
  },
);

behaviour(
  'a template of text takes values of the event; what is not there is the empty text',
  { source: recorded, covers: ['events:PutTargets'] },
  async (aws) => {
    const InputTransformer = {
      InputPathsMap: { type: '$.detail-type', command: '$.detail.command' },
      InputTemplate: '"A <type> event with <command>."',
    };
    expect(await received(aws, { InputTransformer }, { command: 'go' })).toEqual(['"A ordered event with go."']);
    expect(await received(aws, { InputTransformer }, {})).toEqual(['"A ordered event with ."']);
  },
);

behaviour(
  'a template of JSON takes values as JSON; what is not there is the empty text',
  { source: recorded, covers: ['events:PutTargets'] },
  async (aws) => {
    const InputTransformer = {
      InputPathsMap: { id: '$.detail.id', lines: '$.detail.lines', none: '$.detail.none' },
      InputTemplate: '{"id": <id>, "lines": <lines>, "none": <none>}',
    };
    const [body] = await received(aws, { InputTransformer }, { id: 7, lines: [{ a: 'b' }] });
    expect(JSON.parse(body!)).toEqual({ id: 7, lines: [{ a: 'b' }], none: '' });
  },
);

behaviour(
  'an object within quotes loses its own quotes',
  {
    source:
      'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html#eb-transform-input-issues',
    covers: ['events:PutTargets'],
  },
  async (aws) => {
    const InputTransformer = { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '"It was <a>"' };
    expect(await received(aws, { InputTransformer }, { a: { b: 'c' } })).toEqual(['"It was {b:c}"']);
  },
);

behaviour(
  'the rule, the time of ingestion and the event itself are there without a path',
  { source: guide, covers: ['events:PutTargets'] },
  async (aws) => {
    const InputTemplate =
      '{"rule": <aws.events.rule-arn>, "name": <aws.events.rule-name>, "at": <aws.events.event.ingestion-time>, "event": <aws.events.event.json>, "head": <aws.events.event>}';
    const to = await pipe(aws, undefined, { InputTransformer: { InputTemplate } });
    const { Entries } = await publish(aws, { EventBusName: to.bus });
    const [message] = await messages(aws, to.inbox);
    const { rule: arn, name, at, event, head } = JSON.parse(message!.Body!);
    expect([arn, name]).toEqual([to.ruleArn, to.rule]);
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(event).toMatchObject({ id: Entries![0]!.EventId, 'detail-type': 'counted', detail: { n: 1 } });
    expect(head).toMatchObject({ id: Entries![0]!.EventId, detailType: 'counted' });
    expect(head).not.toHaveProperty('detail');
  },
);

behaviour(
  'an event that the template does not make JSON of is not delivered, and the next one is',
  { source: guide, covers: ['events:PutTargets'] },
  async (aws) => {
    const InputTransformer = { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '{"a": "<a>"}' };
    const to = await pipe(aws, undefined, { InputTransformer });
    await publish(aws, { EventBusName: to.bus, Detail: '{"a":"with \\" a quote"}' });
    await publish(aws, { EventBusName: to.bus, Detail: '{"a":"plain"}' });
    expect((await messages(aws, to.inbox, 2)).map(({ Body }) => Body)).toEqual(['{"a": "plain"}']);
  },
);

behaviour(
  'a target has one of Input, InputPath and InputTransformer',
  { source: recorded, covers: ['events:PutTargets'] },
  (aws) =>
    refusedTarget(
      aws,
      { InputPath: '$.detail', InputTransformer: { InputTemplate: '"x"' } },
      'Only one of Input, InputPath, or InputTransformer must be provided for target t.',
    ),
);

behaviour('a placeholder must have a path', { source: recorded, covers: ['events:PutTargets'] }, (aws) =>
  refusedTarget(
    aws,
    { InputTransformer: { InputPathsMap: { known: '$.detail' }, InputTemplate: '"<known> <unknown>"' } },
    'InputTemplate for target t contains invalid placeholder unknown.',
  ),
);

behaviour(
  "names that begin with AWS are AWS's own, and Input is JSON",
  { source: guide, covers: ['events:PutTargets'] },
  async (aws) => {
    await refusedTarget(
      aws,
      { InputTransformer: { InputPathsMap: { 'aws.mine': '$.detail' }, InputTemplate: '"x"' } },
      'InputPathsMap for target t contains reserved key aws.mine.',
    );
    await refusedTarget(aws, { Input: 'plain' }, 'JSON syntax error in input for target t.');
    await refusedTarget(aws, { InputPath: 'detail' }, 'Invalid InputPath for target t.');
  },
);
