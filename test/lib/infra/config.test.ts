import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { type ConfigOptions, configuration } from '../../../lib/infra/config.ts';
import { agree } from '../../../lib/infra/config-rules.ts';
import { event } from '../../../lib/model/event.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { stage } from '../../../lib/model/stage.ts';
import { table } from '../../../lib/model/uses.ts';
import { bank } from './bank.ts';

const regions = { active: 'eu-west-1', standby: 'eu-central-1' };
const valid: ConfigOptions = { environment: 'dev', regions, outside: { 'clearing-house': 'sandbox' } };

describe('a configuration', () => {
  test('is complete with an environment and two regions', () => {
    expect(configuration({ environment: 'dev', regions, account: '111122223333' })).toEqual({
      environment: 'dev',
      account: '111122223333',
      regions: { ...regions, home: 'eu-west-1' },
      outside: {},
      retain: false,
      reserveConcurrency: false,
      traffic: 'AllAtOnce',
      logRetentionDays: 14,
      archiveDays: 14,
      runbooks: 'docs/runbooks',
      objectives: {
        endToEndSeconds: 60,
        availabilityPercent: 99,
        repairHours: 24,
        replicationSeconds: 60,
        handOverLagSeconds: 30,
      },
      publishers: ['arn:aws:iam::111122223333:root'],
    });
  });

  test.each<[string, Partial<ConfigOptions>, RegExp]>([
    [
      'an environment with a capital letter',
      { environment: 'Dev' },
      /environment is "Dev"; allowed is a lower-case word/,
    ],
    [
      'an account that is none',
      { account: '12' },
      /account is "12"; allowed is the twelve digits .* set CDK_DEFAULT_ACCOUNT/,
    ],
    [
      'a shift of traffic that is none',
      { traffic: 'Canary' as never },
      /traffic is "Canary"; allowed is one of AllAtOnce, Canary10Percent5Minutes/,
    ],
    ['a region that is none', { regions: { ...regions, active: 'Ireland' } }, /regions\.active is "Ireland"/],
    [
      'a standby that is the active region',
      { regions: { active: 'eu-west-1', standby: 'eu-west-1' } },
      /any region but the active one/,
    ],
    [
      'a home for the tables in a third region',
      { regions: { ...regions, home: 'us-east-1' } },
      /regions\.home is "us-east-1"; allowed is one of/,
    ],
    [
      'a witness that is of another set of regions',
      { regions: { ...regions, witness: 'us-east-1' } },
      /regions\.witness is "us-east-1"; allowed is one of a set with eu-west-1 and eu-central-1: us-east-1, us-east-2, us-west-2; eu-west-1/,
    ],
    [
      'a witness where the two are of no set, or of two',
      { regions: { active: 'eu-west-1', standby: 'us-east-1', witness: 'eu-west-3' } },
      /regions\.witness is "eu-west-3"; .*leave it out elsewhere/,
    ],
    [
      'a log retention that CloudWatch does not know',
      { logRetentionDays: 15 },
      /logRetentionDays is 15; allowed is one of 1, 3, 5, 7, 14/,
    ],
    ['an archive that keeps nothing', { archiveDays: 0 }, /archiveDays is 0/],
    [
      'an archive that keeps what stages no longer know',
      { archiveDays: 41 },
      /archiveDays is 41; allowed is a whole number from 1 to 40: what is replayed must still be known/,
    ],
    ['an objective of nothing', { objectives: { endToEndSeconds: 0 } }, /objectives\.endToEndSeconds is 0/],
    ['a hand-over to nothing but the last write', { objectives: { handOverLagSeconds: 0 } }, /handOverLagSeconds is 0/],
    ['more than everything', { objectives: { availabilityPercent: 100 } }, /availabilityPercent is 100; .*below 100/],
    ['runbooks that a link would miss', { runbooks: 'https://example.com/books/' }, /without a slash at its end/],
    ['an alarm address that is none', { alarmEmail: 'me' }, /alarmEmail is "me"/],
    ['anyone as publisher', { publishers: ['*'] }, /publishers is "\*"; .* never a wildcard/],
    ['many roles as publisher', { publishers: ['arn:aws:iam::111122223333:role/*'] }, /never a wildcard/],
    ['nobody as publisher', { publishers: [] }, /publishers is \[\]/],
    [
      'an outside system over plain HTTP',
      { outside: { 'clearing-house': 'http://clearing' as 'sandbox' } },
      /outside\.clearing-house is "http:\/\/clearing"/,
    ],
  ])('refuses %s', (_, change, message) => {
    expect(() => configuration({ ...valid, ...change })).toThrow(message);
  });

  test.each([
    ['us-west-2', 'us-east-1', 'us-east-2'],
    ['eu-west-2', 'eu-central-1', 'eu-west-1'],
    ['ap-northeast-3', 'ap-northeast-1', 'ap-northeast-2'],
  ])('may have %s and %s with the witness %s', (active, standby, witness) => {
    expect(configuration({ ...valid, regions: { active, standby, witness } }).regions.witness).toBe(witness);
  });

  test('of a failover stack is complete with nothing said, and absent where it is not asked for', () => {
    const { failover } = configuration({ ...valid, regions: { ...regions, failover: {} } }).regions;
    expect(failover).toEqual({ failedMinutes: 3, managedReplication: false, automatic: false, coolDownHours: 24 });
    expect(configuration(valid).regions).not.toHaveProperty('failover');
  });

  test.each<[string, Partial<ConfigOptions['regions']>, RegExp]>([
    [
      'of no minute',
      { failover: { failedMinutes: 0 } },
      /failover\.failedMinutes is 0; allowed is a whole number from 1/,
    ],
    ['that cools down at once', { failover: { coolDownHours: 0 } }, /failover\.coolDownHours is 0/],
    ['by itself without a witness', { failover: { automatic: true } }, /automatic is true; .*name a witness/],
    [
      'where there are no endpoints',
      { standby: 'eu-south-2', failover: {} },
      /is "eu-south-2"; allowed is one of us-east-1/,
    ],
  ])('refuses a failover %s', (_, change, message) => {
    expect(() => configuration({ ...valid, regions: { ...regions, ...change } })).toThrow(message);
  });

  test('must give every outside system that a stage uses an address', () => {
    expect(() => agree(configuration({ ...valid, outside: {} }), bank)).toThrow(
      /outside\.clearing-house is null; allowed is "sandbox" or/,
    );
  });

  test('must not give an address to a system that no stage uses', () => {
    const outside = { 'clearing-house': 'sandbox', post: 'sandbox' } as const;
    expect(() => agree(configuration({ ...valid, outside }), bank)).toThrow(
      /outside\.post is "sandbox"; allowed is only what a stage uses \(clearing-house\)/,
    );
  });

  test('refuses a stage or a table with the name of a part of the platform', () => {
    const seen = event('thing.seen', { schema: v.string(), entity: (name) => name });
    const of = (name: string, tableName: string) =>
      pipeline('things', {
        entries: [seen],
        stages: [stage(name, { accepts: [seen], uses: { t: table<string>(tableName).to('add') } })],
      });
    const config = configuration({ environment: 'dev', regions });
    expect(() => agree(config, of('sequencer', 'things'))).toThrow(/name of a stage is "sequencer".* rename the stage/);
    expect(() => agree(config, of('look', 'records'))).toThrow(/name of a table is "records"/);
    expect(() => agree(config, of('look', 'things'))).not.toThrow();
  });
});
