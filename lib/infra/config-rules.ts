/** What a configuration must satisfy, by itself and together with its pipeline. */
import { DeclarationError } from '../model/declaration-error.ts';
import { domainTablesOf, outsideSystemsOf, type Pipeline } from '../model/pipeline.ts';
import { ARCHIVE_DAYS_MAX, RECORD_DAYS } from '../model/retention.ts';
import { type PipelineConfig, shifts } from './config.ts';
import { failoverRules } from './failover-rules.ts';

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * Within each of these a table can be strongly consistent.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-dynamodb-globaltable-globaltablewitness.html
 */
const votingSets = [
  ['us-east-1', 'us-east-2', 'us-west-2'],
  ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];

/** What a setting must satisfy. */
export interface Rule {
  readonly setting: string;
  readonly value: unknown;
  readonly holds: boolean;
  /** What is allowed, and what to do. */
  readonly allowed: string;
}

/** @throws DeclarationError when a setting is outside its range */
export function judge(config: PipelineConfig): void {
  refuse(config.environment, [
    ...whereRules(config),
    ...failoverRules(config),
    ...keepingRules(config),
    ...promiseRules(config),
    ...whoRules(config),
  ]);
}

function whereRules({ environment, account, regions }: PipelineConfig): Rule[] {
  const region = /^[a-z]{2}(-[a-z]+)+-\d$/;
  return [
    matches('environment', environment, [
      /^[a-z][a-z0-9]{0,11}$/,
      'a lower-case word of at most 12 letters and digits, such as dev',
    ]),
    matches('account', account, [
      /^\d{12}$/,
      'the twelve digits of an AWS account; set CDK_DEFAULT_ACCOUNT or config.account',
    ]),
    matches('regions.active', regions.active, [region, 'the name of an AWS region, such as eu-west-1']),
    matches('regions.standby', regions.standby, [region, 'the name of an AWS region, such as eu-central-1']),
    {
      setting: 'regions.standby',
      value: regions.standby,
      holds: regions.standby !== regions.active,
      allowed: 'any region but the active one; name another',
    },
    ...(regions.witness === undefined
      ? []
      : [
          matches('regions.witness', regions.witness, [region, 'the name of an AWS region, such as eu-west-3']),
          {
            setting: 'regions.witness',
            value: regions.witness,
            holds: ![regions.active, regions.standby].includes(regions.witness),
            allowed: 'a third region; leave it out to hand the authority over by hand',
          },
          {
            setting: 'regions.witness',
            value: regions.witness,
            holds: votingSets.some((set) =>
              [regions.active, regions.standby, regions.witness!].every((one) => set.includes(one)),
            ),
            allowed: `one of a set with ${regions.active} and ${regions.standby}: ${votingSets.map((set) => set.join(', ')).join('; ')}; leave it out elsewhere, to hand the authority over by hand`,
          },
        ]),
    {
      setting: 'regions.home',
      value: regions.home,
      holds: [regions.active, regions.standby].includes(regions.home),
      allowed: `one of ${regions.active} and ${regions.standby}: where the tables were first deployed`,
    },
  ];
}

function keepingRules(config: PipelineConfig): Rule[] {
  return [
    {
      setting: 'traffic',
      value: config.traffic,
      holds: shifts.includes(config.traffic),
      allowed: `one of ${shifts.join(', ')}, which is what CodeDeploy knows`,
    },
    {
      setting: 'logRetentionDays',
      value: config.logRetentionDays,
      holds: logRetentions.includes(config.logRetentionDays),
      allowed: `one of ${logRetentions.join(', ')}, which is what CloudWatch Logs knows`,
    },
    {
      setting: 'archiveDays',
      value: config.archiveDays,
      holds: Number.isInteger(config.archiveDays) && config.archiveDays >= 1 && config.archiveDays <= ARCHIVE_DAYS_MAX,
      allowed: `a whole number from 1 to ${ARCHIVE_DAYS_MAX}: what is replayed must still be known when it has gone its way, and after ${RECORD_DAYS} days it is not`,
    },
  ];
}

function promiseRules({ objectives, runbooks }: PipelineConfig): Rule[] {
  const { availabilityPercent, ...above } = objectives;
  return [
    ...Object.entries(above).map(([name, value]) => ({
      setting: `objectives.${name}`,
      value,
      holds: Number.isFinite(value) && value > 0,
      allowed: 'a number above 0',
    })),
    {
      setting: 'objectives.availabilityPercent',
      value: availabilityPercent,
      holds: availabilityPercent > 0 && availabilityPercent < 100,
      allowed: 'a number above 0 and below 100, for an alarm goes off below it',
    },
    // The description of an alarm holds 1,024 characters.
    matches('runbooks', runbooks, [/^[\x21-\x7e]{1,500}[^/]$/, 'a URL or a folder, without a slash at its end']),
  ];
}

function whoRules(config: PipelineConfig): Rule[] {
  return [
    ...(config.alarmEmail === undefined
      ? []
      : [
          matches('alarmEmail', config.alarmEmail, [
            /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
            'an e-mail address; leave it out for no subscription',
          ]),
        ]),
    {
      setting: 'publishers',
      value: config.publishers,
      holds: config.publishers.length > 0,
      allowed: 'one ARN or more; leave it out to let the account decide',
    },
    ...config.publishers.map((arn) =>
      matches('publishers', arn, [
        /^arn:aws:(iam|sts)::\d{12}:(root$|(role|user|assumed-role)\/[^*?]+$)/,
        'ARNs of accounts, roles or users, and never a wildcard',
      ]),
    ),
    ...Object.entries(config.outside).map(([system, address]) =>
      matches(`outside.${system}`, address, [/^(sandbox$|https:\/\/[^\s/]+)/, '"sandbox" or an https:// address']),
    ),
  ];
}

const matches = (setting: string, value: string, [form, allowed]: readonly [RegExp, string]): Rule => ({
  setting,
  value,
  holds: form.test(value),
  allowed,
});

function refuse(environment: string, rules: readonly Rule[]): void {
  const broken = rules.find(({ holds }) => !holds);
  if (broken === undefined) return;
  const { setting, value, allowed } = broken;
  throw new DeclarationError(
    `configuration ${JSON.stringify(environment)}: ${setting} is ${JSON.stringify(value)}; allowed is ${allowed}`,
  );
}

/** Names that the platform gives to its own roles, rules and functions, beside those of the stages. */
const platformNames = ['sequencer', 'publisher', 'replicate', 'check', 'traffic', 'canary', 'failover', 'endpoint'];

/**
 * Judges a configuration against the pipeline that it is for.
 * @throws DeclarationError when a system has no address, an address no system, or a stage or table the name of a part of the platform
 */
export function agree(config: PipelineConfig, pipeline: Pipeline): void {
  const systems = outsideSystemsOf(pipeline);
  refuse(config.environment, [
    ...pipeline.stages.map(({ name }) => ({
      setting: 'the name of a stage',
      value: name,
      holds: !platformNames.includes(name),
      allowed: `any but ${platformNames.join(', ')}, which the platform uses; rename the stage`,
    })),
    ...domainTablesOf(pipeline).map((table) => ({
      setting: 'the name of a table',
      value: table,
      holds: !['records', 'authority'].includes(table) && !table.startsWith('sandbox-'),
      allowed: 'any but records, authority and sandbox-…, which the platform uses; rename the table',
    })),
    ...systems.map((system) => ({
      setting: `outside.${system}`,
      value: config.outside[system] ?? null,
      holds: config.outside[system] !== undefined,
      allowed: '"sandbox" or an https:// address, because a stage uses that system; add it to the configuration',
    })),
    ...Object.entries(config.outside).map(([system, value]) => ({
      setting: `outside.${system}`,
      value,
      holds: systems.includes(system),
      allowed: `only what a stage uses (${systems.join(', ') || 'nothing'}); remove it, or declare it in the stage's uses`,
    })),
  ]);
}
