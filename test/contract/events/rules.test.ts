import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { bodies, bus, messages, pipe, publish, queue, rule } from './given.ts';

const api = (action: string) => `https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_${action}.html`;
const recorded =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events.snapshot.json';
const EventPattern = '{"source":["contract"]}';

behaviour(
  'a rule is put, described, listed and deleted; its ARN names its bus, unless that is the default one',
  { source: recorded, covers: ['events:PutRule', 'events:DescribeRule', 'events:ListRules', 'events:DeleteRule'] },
  async (aws) => {
    const [EventBusName, Name] = [await bus(aws), aws.name('rule')];
    const arn = (path: string) => `arn:aws:events:${aws.region}:${aws.account}:rule/${path}`;
    const put = { Name, EventPattern };
    expect((await aws.events.send(new PutRuleCommand({ ...put, EventBusName }))).RuleArn).toBe(
      arn(`${EventBusName}/${Name}`),
    );
    expect((await aws.events.send(new PutRuleCommand(put))).RuleArn).toBe(arn(Name));
    aws.afterwards(() => aws.events.send(new DeleteRuleCommand({ Name })));
    const { $metadata: _, ...described } = await aws.events.send(new DescribeRuleCommand({ Name, EventBusName }));
    const { CreatedBy, ...listed } = described;
    expect(CreatedBy).toBe(aws.account);
    expect(listed).toEqual({ Name, Arn: arn(`${EventBusName}/${Name}`), EventBusName, EventPattern, State: 'ENABLED' });
    expect((await aws.events.send(new ListRulesCommand({ EventBusName }))).Rules).toEqual([listed]);
    await aws.events.send(new DeleteRuleCommand({ Name, EventBusName }));
    expect((await aws.events.send(new ListRulesCommand({ EventBusName }))).Rules).toEqual([]);
  },
);

behaviour(
  'a rule that is put again is replaced, and keeps its targets',
  { source: api('PutRule'), covers: ['events:PutRule'] },
  async (aws) => {
    const to = await pipe(aws, { source: ['contract'] });
    await aws.events.send(
      new PutRuleCommand({ Name: to.rule, EventBusName: to.bus, EventPattern: '{"source":["other"]}' }),
    );
    const { Targets } = await aws.events.send(new ListTargetsByRuleCommand({ Rule: to.rule, EventBusName: to.bus }));
    expect(Targets).toEqual([{ Id: 'inbox', Arn: to.inbox.arn }]);
    await publish(aws, { EventBusName: to.bus });
    await publish(aws, { EventBusName: to.bus, Source: 'other' });
    expect((await bodies(aws, to.inbox, 2)).map(({ source }) => source)).toEqual(['other']);
  },
);

behaviour(
  'a rule that is disabled matches nothing until it is enabled; what came meanwhile is gone',
  { source: recorded, covers: ['events:DisableRule', 'events:EnableRule', 'events:DescribeRule'] },
  async (aws) => {
    const to = await pipe(aws);
    const where = { Name: to.rule, EventBusName: to.bus };
    const state = async () => (await aws.events.send(new DescribeRuleCommand(where))).State;
    await aws.events.send(new DisableRuleCommand(where));
    expect(await state()).toBe('DISABLED');
    await aws.pass(2000);
    await publish(aws, { EventBusName: to.bus, Detail: '{"n":1}' });
    await aws.pass(2000);
    await aws.events.send(new EnableRuleCommand(where));
    expect(await state()).toBe('ENABLED');
    await aws.pass(2000);
    await publish(aws, { EventBusName: to.bus, Detail: '{"n":2}' });
    expect((await bodies(aws, to.inbox, 2)).map(({ detail }) => detail.n)).toEqual([2]);
  },
);

behaviour(
  'a rule may be put disabled, and described with its description and role',
  { source: api('PutRule'), covers: ['events:PutRule', 'events:DescribeRule'] },
  async (aws) => {
    const RoleArn = `arn:aws:iam::${aws.account}:role/some`;
    const EventBusName = await bus(aws);
    const Name = await rule(aws, EventBusName, { State: 'DISABLED', Description: 'for later', RoleArn });
    expect(await aws.events.send(new DescribeRuleCommand({ Name, EventBusName }))).toMatchObject({
      State: 'DISABLED',
      Description: 'for later',
      RoleArn,
    });
  },
);

behaviour(
  'a rule with targets stays; one that does not exist is deleted already',
  { source: recorded, covers: ['events:DeleteRule', 'events:DeleteRule!ResourceNotFoundException'] },
  async (aws) => {
    const to = await pipe(aws);
    await refused(
      aws.events.send(new DeleteRuleCommand({ Name: to.rule, EventBusName: to.bus })),
      'ValidationException',
      "Rule can't be deleted since it has targets.",
    );
    await aws.events.send(new DeleteRuleCommand({ Name: aws.name('none'), EventBusName: to.bus }));
    const EventBusName = aws.name('nowhere');
    await refused(
      aws.events.send(new DeleteRuleCommand({ Name: to.rule, EventBusName })),
      'ResourceNotFoundException',
      `Event bus ${EventBusName} does not exist.`,
    );
  },
);

behaviour(
  'a rule that does not exist is not found, and its bus is named',
  {
    source: recorded,
    covers: [
      'events:DescribeRule!ResourceNotFoundException',
      'events:EnableRule!ResourceNotFoundException',
      'events:DisableRule!ResourceNotFoundException',
      'events:ListTargetsByRule!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const Name = aws.name('none');
    const message = `Rule ${Name} does not exist on EventBus default.`;
    for (const call of [
      aws.events.send(new DescribeRuleCommand({ Name })),
      aws.events.send(new EnableRuleCommand({ Name })),
      aws.events.send(new DisableRuleCommand({ Name })),
      aws.events.send(new ListTargetsByRuleCommand({ Rule: Name })),
    ]) {
      await refused(call, 'ResourceNotFoundException', message);
    }
  },
);

behaviour(
  'rules of a bus that does not exist are neither put nor listed',
  {
    source: api('ListRules'),
    covers: [
      'events:PutRule!ResourceNotFoundException',
      'events:ListRules!ResourceNotFoundException',
      'events:ListRuleNamesByTarget!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const EventBusName = aws.name('nowhere');
    const TargetArn = `arn:aws:sqs:${aws.region}:${aws.account}:some`;
    for (const call of [
      aws.events.send(new PutRuleCommand({ Name: 'some', EventBusName, EventPattern })),
      aws.events.send(new ListRulesCommand({ EventBusName })),
      aws.events.send(new ListRuleNamesByTargetCommand({ TargetArn, EventBusName })),
    ]) {
      await refused(call, 'ResourceNotFoundException', `Event bus ${EventBusName} does not exist.`);
    }
  },
);

behaviour(
  'rules are listed by the beginning of their names, in pages',
  { source: recorded, covers: ['events:ListRules'] },
  async (aws) => {
    const EventBusName = await bus(aws);
    for (const Name of ['a-1', 'a-2', 'a-3', 'b-1']) await rule(aws, EventBusName, { Name });
    const list = { EventBusName, NamePrefix: 'a-', Limit: 2 };
    const first = await aws.events.send(new ListRulesCommand(list));
    const { Rules, NextToken } = await aws.events.send(new ListRulesCommand({ ...list, NextToken: first.NextToken }));
    expect([first.Rules!.length, NextToken]).toEqual([2, undefined]);
    expect([...first.Rules!, ...Rules!].map(({ Name }) => Name)).toEqual(['a-1', 'a-2', 'a-3']);
  },
);

behaviour(
  'the rules of a target are found by its ARN',
  { source: api('ListRuleNamesByTarget'), covers: ['events:ListRuleNamesByTarget'] },
  async (aws) => {
    const [EventBusName, one, other] = [await bus(aws), await queue(aws), await queue(aws)];
    await rule(aws, EventBusName, { Name: 'to-one', targets: [{ Id: 't', Arn: one.arn }] });
    await rule(aws, EventBusName, { Name: 'to-other', targets: [{ Id: 't', Arn: other.arn }] });
    await rule(aws, EventBusName, {
      Name: 'to-both',
      targets: [one, other].map(({ arn }, n) => ({ Id: `${n}`, Arn: arn })),
    });
    const { RuleNames } = await aws.events.send(new ListRuleNamesByTargetCommand({ EventBusName, TargetArn: one.arn }));
    expect(RuleNames!.sort()).toEqual(['to-both', 'to-one']);
  },
);

behaviour(
  'a rule needs a name that can be one, and a pattern or a schedule',
  { source: api('PutRule'), covers: ['events:PutRule'] },
  async (aws) => {
    await refused(
      aws.events.send(new PutRuleCommand({ Name: 'a b', EventPattern })),
      'ValidationException',
      "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
    );
    await refused(
      aws.events.send(new PutRuleCommand({ Name: 'n'.repeat(65), EventPattern })),
      'ValidationException',
      /at 'name' failed to satisfy constraint: Member must have length less than or equal to 64$/,
    );
    await refused(
      aws.events.send(new PutRuleCommand({ Name: 'some' })),
      'ValidationException',
      'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    );
    await refused(
      aws.events.send(new PutRuleCommand({ Name: 'some', EventPattern: `{"a":["${'b'.repeat(4088)}"]}` })),
      'ValidationException',
      /at 'eventPattern' failed to satisfy constraint: Member must have length less than or equal to 4096$/,
    );
  },
);

behaviour(
  'a rule whose pattern is none is refused',
  { source: api('PutRule'), covers: ['events:PutRule!InvalidEventPatternException'] },
  (aws) =>
    refused(
      aws.events.send(new PutRuleCommand({ Name: 'some', EventPattern: '{"source":"contract"}' })),
      'InvalidEventPatternException',
      /^Event pattern is not valid\. Reason: "source" must be an object or an array/,
    ),
);

behaviour(
  'a bus has at most 300 rules; one that is there can still be replaced',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html',
    covers: ['events:PutRule!LimitExceededException'],
    notRemote: 'the quota may be raised',
  },
  async (aws) => {
    for (let n = 0; n < 300; n++) await aws.events.send(new PutRuleCommand({ Name: `rule-${n}`, EventPattern }));
    await aws.events.send(new PutRuleCommand({ Name: 'rule-1', EventPattern }));
    await refused(
      aws.events.send(new PutRuleCommand({ Name: 'rule-300', EventPattern })),
      'LimitExceededException',
      'The requested resource exceeds the maximum number allowed.',
    );
  },
);

behaviour(
  'an event that matches several rules goes to the targets of each, and one that matches none goes nowhere',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html',
    covers: ['events:PutRule', 'events:PutEvents'],
  },
  async (aws) => {
    const to = await pipe(aws, { detail: { n: [1] } });
    await rule(aws, to.bus, {
      targets: [
        { Id: 'a', Arn: to.inbox.arn },
        { Id: 'b', Arn: to.inbox.arn },
      ],
      pattern: { 'detail-type': ['counted'] },
    });
    await publish(aws, { EventBusName: to.bus, DetailType: 'unheard', Detail: '{"n":2}' });
    const { Entries } = await publish(aws, { EventBusName: to.bus });
    const arrived = await messages(aws, to.inbox, 4);
    expect(arrived.map(({ Body }) => JSON.parse(Body!).id)).toEqual([1, 2, 3].map(() => Entries![0]!.EventId));
  },
);
