/** What a function is told by its environment variables; `lib/infra` sets them. */
import type { Deployment } from '../model/names.ts';
import type { Listeners } from '../model/sequence.ts';

export interface Environment {
  readonly deployment: Deployment;
  readonly account: string;
  readonly region: string;
  /** An endpoint in place of AWS's, for SAM; the local cloud uses the SDK's own AWS_ENDPOINT_URL. */
  readonly endpoint: string | undefined;
  /** Who hears what the function says; empty where nobody does. */
  readonly listeners: Listeners;
  /** Where the pipeline began. */
  readonly home: string;
  /** Whether the authority to commit is renewed, or lasts until a person hands it over. */
  readonly renewed: boolean;
  /** Which of the events that the function says leave the pipeline. */
  readonly exits: readonly string[];
}

const required = (name: string): string => {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(`environment variable ${name} is not set; the infrastructure sets it on every function`);
};

/** @throws Error when a variable is missing */
export const readEnvironment = (): Environment => ({
  deployment: { pipeline: required('PIPELINE'), environment: required('ENVIRONMENT') },
  account: required('ACCOUNT'),
  region: required('AWS_REGION'),
  endpoint: process.env.LOCAL_ENDPOINT || undefined,
  listeners: JSON.parse(process.env.LISTENERS || '{}'),
  home: required('HOME_REGION'),
  renewed: required('AUTHORITY') === 'renewed',
  exits: JSON.parse(process.env.EXITS || '[]'),
});

/** The other region; only the functions of the failover stack are told. */
export const peerRegion = (): string => required('PEER_REGION');

/** How the function that takes over is to do it. */
export const takingOver = (): { readonly coolDownHours: number; readonly lagSeconds: number } => ({
  coolDownHours: Number(required('COOL_DOWN_HOURS')),
  lagSeconds: Number(required('LAG_SECONDS')),
});

/** Where a system that is not ours is: `sandbox`, or its URL. */
export const outsideAddress = (system: string): string =>
  required(`OUTSIDE_${system.toUpperCase().replaceAll('-', '_')}`);

/** The URL of a queue of ours. It is never asked for: one call less at every start. */
export const queueUrl = ({ region, account }: Environment, name: string): string =>
  `https://sqs.${region}.amazonaws.com/${account}/${name}`;

/** Whether this is Lambda, real or local, rather than a test that imports a handler. */
export const inLambda = (): boolean => process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined;
