/** A pipeline of these tests' own: a few stages, each with other needs, and the environments it could be deployed to. */
import * as v from 'valibot';
import { configuration, type PipelineConfig } from '../../../lib/infra/config.ts';
import { event } from '../../../lib/model/event.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { stage } from '../../../lib/model/stage.ts';
import { outside, table } from '../../../lib/model/uses.ts';

const kind = <const Type extends string>(type: Type) =>
  event(type, {
    schema: v.object({ account: v.string(), cents: v.number() }),
    entity: ({ account }: { readonly account: string }) => account,
  });

const accountOpened = kind('account.opened');
/** Heard by two stages. */
const transferAsked = kind('transfer.asked');
const transferCleared = kind('transfer.cleared');
const transferRefused = kind('transfer.refused');
const balanceChanged = kind('balance.changed');

interface ClearingHouse {
  clear(cents: number): Promise<boolean>;
}

/** Has an outside system, a table of facts, and nothing that is the default. */
export const clearTransfer = stage('clear-transfer', {
  accepts: [transferAsked],
  emits: [transferCleared, transferRefused],
  uses: { house: outside<ClearingHouse>('clearing-house'), clearings: table<{ cents: number }>('clearings').to('add') },
  timeoutSeconds: 20,
  memoryMb: 1024,
  attempts: 3,
  concurrency: 4,
});

/** Has a table that it reads and replaces, and hears an entry and what another stage says. */
const bookTransfer = stage('book-transfer', {
  accepts: [accountOpened, transferCleared],
  emits: [balanceChanged],
  uses: { accounts: table<{ cents: number }>('accounts').to('get', 'put') },
});

/** Only reads, from the table of another. */
const watchFraud = stage('watch-fraud', {
  accepts: [transferAsked],
  emits: [transferRefused],
  uses: { accounts: table<{ cents: number }>('accounts').to('get') },
});

/** Emits nothing. */
const tellHolder = stage('tell-holder', {
  accepts: [transferRefused, balanceChanged],
  uses: { letters: table<{ text: string }>('letters').to('add') },
});

export const bank = pipeline('bank', {
  entries: [accountOpened, transferAsked],
  stages: [clearTransfer, bookTransfer, watchFraud, tellHolder],
  exits: [balanceChanged],
});

const regions = { active: 'eu-west-1', standby: 'eu-central-1' };

/** As an environment is that one tries things in: a sandbox, and nothing is kept. */
export const dev: PipelineConfig = configuration({
  environment: 'dev',
  regions,
  outside: { 'clearing-house': 'sandbox' },
});

/** As an environment is that matters. */
export const prod: PipelineConfig = configuration({
  environment: 'prod',
  regions,
  outside: { 'clearing-house': 'https://clearing.example.com' },
  retain: true,
  reserveConcurrency: true,
  traffic: 'Canary10Percent10Minutes',
  logRetentionDays: 90,
  archiveDays: 30,
});

/** With everything that a failover stack may have. */
export const guarded: PipelineConfig = configuration({
  ...prod,
  regions: { ...regions, witness: 'eu-west-3', failover: { automatic: true, managedReplication: true } },
});
