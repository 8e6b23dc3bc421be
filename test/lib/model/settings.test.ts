import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import { declaredValues, judge, parse, settingsFrom, settingsOf } from '../../../lib/model/settings.ts';
import { stage } from '../../../lib/model/stage.ts';
import { outside } from '../../../lib/model/uses.ts';

const asked = event('bill.asked', { schema: v.object({ bill: v.string() }), entity: ({ bill }) => bill });
const plain = stage('file-bill', { accepts: [asked] });
const calling = stage('pay-bill', {
  accepts: [asked],
  uses: { bank: outside('bank', { breaker: { failures: 7, openSecondsAtMost: 120 } }), post: outside('post') },
});

describe('what can be set', () => {
  test('is the pause and the log of every stage, and the breakers of one that calls', () => {
    expect(settingsOf(plain).map(({ name }) => name)).toEqual(['paused', 'log.level', 'log.sampling']);
    const parts = ['failures', 'withinSeconds', 'share', 'openSeconds', 'openSecondsAtMost'];
    expect(settingsOf(calling).map(({ name }) => name)).toEqual([
      ...['paused', 'log.level', 'log.sampling'],
      ...['bank', 'post'].flatMap((system) => parts.map((part) => `breaker.${system}.${part}`)),
    ]);
  });

  test('is, where nothing is set, what the stage declares', () => {
    expect(settingsFrom(calling, {})).toEqual({
      paused: false,
      logLevel: 'INFO',
      logSampling: 0,
      breakers: { bank: calling.uses.bank.breaker, post: calling.uses.post.breaker },
    });
    expect(settingsFrom(calling, { 'breaker.bank.failures': 2 }).breakers).toEqual({
      bank: { ...calling.uses.bank.breaker, failures: 2 },
      post: calling.uses.post.breaker,
    });
  });

  test('is accepted as it is declared', () => {
    for (const one of [plain, calling]) {
      const declared = declaredValues(one);
      expect(judge(one, declared)).toEqual({ accepted: declared, problems: [] });
    }
  });
});

describe('what is refused', () => {
  test.each([
    ['paused', 'yes', /^paused is "yes"; allowed are true and false$/],
    ['log.level', 'SILENT', /^log.level is "SILENT"; allowed are DEBUG, INFO, WARN, ERROR$/],
    ['log.sampling', 1.1, /^log.sampling is 1.1; allowed are numbers from 0 to 1$/],
    ['log.sampling', '0.5', /^log.sampling is "0.5"; allowed/],
    ['breaker.bank.failures', 0, /^breaker.bank.failures is 0; allowed are whole numbers from 1 to 1000$/],
    ['breaker.bank.failures', 2.5, /is 2.5; allowed are whole/],
    ['breaker.bank.openSecondsAtMost', 121, /is 121; allowed are whole numbers from 1 to 120$/],
    ['breaker.bank.openSeconds', 121, /is 121; allowed are whole numbers up to .*openSecondsAtMost, which is 120$/],
    ['breaker.bakery.failures', 5, /^breaker.bakery.failures is no setting of pay-bill$/],
    ['toString', 5, /^toString is no setting of pay-bill$/],
  ])('%s = %j', (name, value, problem) => {
    const { accepted, problems } = judge(calling, { [name]: value, 'log.level': 'WARN', [name]: value });
    expect(problems).toEqual([{ setting: name, problem: expect.stringMatching(problem) }]);
    expect(accepted).toEqual(name === 'log.level' ? {} : { 'log.level': 'WARN' });
  });

  test.each(['', 'null', '[]', '"x"', '{'])('%j, which is no JSON object, as a whole', (text) => {
    const { accepted, problems } = parse(calling, text);
    expect(accepted).toEqual({});
    expect(problems).toMatchObject([{ setting: undefined, problem: /no JSON object/ }]);
  });
});
