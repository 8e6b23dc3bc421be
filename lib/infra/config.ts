/** What differs between the environments of one pipeline, and nothing else does. */
import { HAND_OVER_LAG_SECONDS } from '../model/authority.ts';
import { judge } from './config-rules.ts';

/** Where a system that is not ours is: a sandbox that the pipeline brings along, or its address. */
export type OutsideAddress = 'sandbox' | `https://${string}`;

/** The deployment configurations that CodeDeploy has for Lambda, without what all their names begin with. */
export const shifts = [
  'AllAtOnce',
  'Canary10Percent5Minutes',
  'Canary10Percent10Minutes',
  'Canary10Percent15Minutes',
  'Canary10Percent30Minutes',
  'Linear10PercentEvery1Minute',
  'Linear10PercentEvery2Minutes',
  'Linear10PercentEvery3Minutes',
  'Linear10PercentEvery10Minutes',
] as const;

export type Traffic = (typeof shifts)[number];

export interface Regions {
  /** Where stages run. */
  readonly active: string;
  /** Where the same stands ready, disabled, and archives what is replicated. */
  readonly standby: string;
  /**
   * Whose CloudFormation stack owns the global tables; default `active`. It stays what it was when active and standby
   * change places, or the next deployment would try to create the tables a second time.
   */
  readonly home: string;
  /**
   * A third region, which keeps no data but a vote: with it the authority to commit is strongly consistent and renewed,
   * so that a region that is cut off stops by itself. Without it a person hands the authority over, and must know that the
   * other region has stopped. Decided with the first deployment, for it is with its consistency that a table is made: it is
   * neither named later nor another one, nor taken away. The three must be of one set, in the US, the EU or north-east Asia:
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/multi-region-strong-consistency-gt.html
   */
  readonly witness?: string;
  /** What routes producers to the region that works, and may let the standby take over by itself. Default none: a person decides. */
  readonly failover?: FailoverConfig;
}

/** The failover stack: docs/guides/regions.md. */
export interface FailoverConfig {
  /** For how many minutes in a row the canary must fail before it counts, 1 to 10; default 3. */
  readonly failedMinutes: number;
  /**
   * Whether EventBridge replicates as well what comes through the endpoint. Default false: ours does already, with a
   * dead-letter queue. True makes the endpoint go back to its first region by itself.
   */
  readonly managedReplication: boolean;
  /** Whether the standby takes over by itself when the active region is lost. Default false; only with a witness. */
  readonly automatic: boolean;
  /** For how many hours after a hand-over none happens by itself, 1 to 720; default 24. */
  readonly coolDownHours: number;
}

/** What is promised; alarms tell when it is not kept. */
export interface Objectives {
  /** From the time of an entry event to the exit, for 99 of 100; default 60. */
  readonly endToEndSeconds: number;
  /** Of what ends in stages, how much is completed rather than given up, within an hour; default 99. */
  readonly availabilityPercent: number;
  /** How long letters lie on average before somebody takes care of them; default 24. */
  readonly repairHours: number;
  /** How far the other region's tables may be behind; default 60. */
  readonly replicationSeconds: number;
  /** How far they may be behind for a hand-over to them; default 30, what the hand-over itself waits at least. */
  readonly handOverLagSeconds: number;
}

export interface PipelineConfig {
  /** `dev`, `prod`: the second part of every physical name. Lower-case letters and digits, at most 12. */
  readonly environment: string;
  /** Twelve digits. */
  readonly account: string;
  readonly regions: Regions;
  /** For each system that the stages use, by name. */
  readonly outside: Readonly<Record<string, OutsideAddress>>;
  /** Whether what holds data outlives its stack: it is retained, tables and stacks are protected from deletion; or DESTROY. */
  readonly retain: boolean;
  /**
   * Whether every function has its concurrency set aside. It keeps neighbours in the account from starving a stage, and
   * it is taken from the account's limit, which in a new account may be 10.
   */
  readonly reserveConcurrency: boolean;
  /**
   * How a new version of a function takes over from the old one. `AllAtOnce` shifts everything in one step and looks at no
   * alarms: there is no time in which they could fire. The others do, and go back.
   */
  readonly traffic: Traffic;
  /** One of the periods that CloudWatch Logs knows. */
  readonly logRetentionDays: number;
  /** How far back a replay can reach, 1 to 40: what is older may not be known any more, and would be applied again. */
  readonly archiveDays: number;
  /** Who hears of alarms; they must confirm the subscription. */
  readonly alarmEmail?: string;
  /** Where runbooks are read, as alarms link them: a URL, or the folder in the repository. Default `docs/runbooks`. */
  readonly runbooks: string;
  readonly objectives: Objectives;
  /** The principals that may take on the publisher's role; default: whoever the account allows. */
  readonly publishers: readonly string[];
}

export interface ConfigOptions extends Partial<Omit<PipelineConfig, 'regions' | 'objectives'>> {
  readonly environment: string;
  readonly objectives?: Partial<Objectives>;
  readonly regions: Omit<Regions, 'home' | 'failover'> &
    Partial<Pick<Regions, 'home'>> & { readonly failover?: Partial<FailoverConfig> };
}

/** The account that synthesis stands in where no credentials name one; documentation and the local cloud use the same. */
const nobodysAccount = '123456789012';

/**
 * Completes and judges a configuration.
 * @throws DeclarationError that names the setting, its value, what is allowed and what to do
 */
export function configuration(options: ConfigOptions): PipelineConfig {
  const account = options.account ?? process.env.CDK_DEFAULT_ACCOUNT ?? nobodysAccount;
  const config: PipelineConfig = {
    ...options,
    account,
    regions: regionsOf(options.regions),
    outside: options.outside ?? {},
    retain: options.retain ?? false,
    reserveConcurrency: options.reserveConcurrency ?? false,
    traffic: options.traffic ?? 'AllAtOnce',
    logRetentionDays: options.logRetentionDays ?? 14,
    archiveDays: options.archiveDays ?? 14,
    runbooks: options.runbooks ?? 'docs/runbooks',
    objectives: {
      endToEndSeconds: 60,
      availabilityPercent: 99,
      repairHours: 24,
      replicationSeconds: 60,
      handOverLagSeconds: HAND_OVER_LAG_SECONDS,
      ...options.objectives,
    },
    publishers: options.publishers ?? [`arn:aws:iam::${account}:root`],
  };
  judge(config);
  return config;
}

function regionsOf({ failover, ...regions }: ConfigOptions['regions']): Regions {
  const home = regions.home ?? regions.active;
  if (failover === undefined) return { ...regions, home };
  const byDefault = { failedMinutes: 3, managedReplication: false, automatic: false, coolDownHours: 24 };
  return { ...regions, home, failover: { ...byDefault, ...failover } };
}
