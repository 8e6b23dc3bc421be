import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  ListTagsForResourceCommand,
  PutRuleCommand,
  type Tag,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { bus, busArn, captured, rule } from './given.ts';

const api = (action: string) => `https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_${action}.html`;

const byKey = (tags: readonly Tag[] = []) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
const tagsOf = async (aws: Aws, ResourceARN: string) =>
  byKey((await aws.events.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags);

behaviour(
  'buses and rules are tagged and untagged; a key that is not there is passed over',
  {
    source: captured('control_plane'),
    covers: ['events:TagResource', 'events:UntagResource', 'events:ListTagsForResource'],
  },
  async (aws) => {
    const name = await bus(aws);
    const ruleArn = `arn:aws:events:${aws.region}:${aws.account}:rule/${name}/${await rule(aws, name)}`;
    for (const ResourceARN of [busArn(aws, name), ruleArn]) {
      expect(await tagsOf(aws, ResourceARN)).toEqual({});
      const Tags = [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ];
      await aws.events.send(new TagResourceCommand({ ResourceARN, Tags }));
      await aws.events.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'b', Value: '3' }] }));
      expect(await tagsOf(aws, ResourceARN)).toEqual({ a: '1', b: '3' });
      await aws.events.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['a', 'none'] }));
      expect(await tagsOf(aws, ResourceARN)).toEqual({ b: '3' });
    }
  },
);

behaviour(
  'a bus is tagged when it is made, and a rule too, but not when it is replaced',
  {
    source: captured('control_plane'),
    covers: ['events:CreateEventBus', 'events:PutRule', 'events:ListTagsForResource'],
  },
  async (aws) => {
    const EventBusName = aws.name('bus');
    const Tags = [{ Key: 'a', Value: '1' }];
    const { EventBusArn } = await aws.events.send(new CreateEventBusCommand({ Name: EventBusName, Tags }));
    aws.afterwards(() => aws.events.send(new DeleteEventBusCommand({ Name: EventBusName })));
    expect(await tagsOf(aws, EventBusArn!)).toEqual({ a: '1' });
    const Name = await rule(aws, EventBusName, { Tags });
    const { RuleArn } = await aws.events.send(
      new PutRuleCommand({ Name, EventBusName, EventPattern: '{"a":[1]}', Tags: [{ Key: 'a', Value: '2' }] }),
    );
    expect(await tagsOf(aws, RuleArn!)).toEqual({ a: '1' });
  },
);

behaviour(
  'what does not exist has no tags, gets none and loses none',
  {
    source: api('TagResource'),
    covers: [
      'events:TagResource!ResourceNotFoundException',
      'events:UntagResource!ResourceNotFoundException',
      'events:ListTagsForResource!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const name = await bus(aws);
    const none = aws.name('none');
    const rules = `arn:aws:events:${aws.region}:${aws.account}:rule`;
    for (const [ResourceARN, message] of [
      [busArn(aws, none), `Event bus ${none} does not exist.`],
      [`${rules}/${name}/${none}`, `Rule ${none} does not exist on EventBus ${name}.`],
      [`${rules}/${none}`, `Rule ${none} does not exist on EventBus default.`],
    ] as const) {
      for (const call of [
        aws.events.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'a', Value: '1' }] })),
        aws.events.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['a'] })),
        aws.events.send(new ListTagsForResourceCommand({ ResourceARN })),
      ]) {
        await refused(call, 'ResourceNotFoundException', message);
      }
    }
  },
);

behaviour(
  'what is no ARN of EventBridge is refused',
  { source: api('ListTagsForResource'), covers: ['events:ListTagsForResource'] },
  (aws) =>
    refused(
      aws.events.send(new ListTagsForResourceCommand({ ResourceARN: 'some' })),
      'ValidationException',
      'Parameter some is not valid. Reason: Provided Arn is not in correct format.',
    ),
);
