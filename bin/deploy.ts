/** `cdk deploy`, once it is sure that the configuration says of the regions what is. */
import { spawnSync } from 'node:child_process';
import { names } from '../lib/model/names.ts';
import { mustAgree, mustKeepWitness } from '../lib/operate/deployable.ts';
import { createTarget, UsageError } from '../lib/operate/target.ts';
import { environments } from './app.ts';
import { deployWords } from './deploy-words.ts';
import { pipeline } from './domain.ts';

const usage = `npm run deploy -- [-c environment=<name>] [--only <region>] [options of cdk deploy]

Deploys all stacks, or with --only those of one region, while the other is lost. Refuses where another region has the authority to commit than bin/app.ts says is active: after a failover
the configuration has to follow. cdk deploy itself does not ask.`;

const words = process.argv.slice(2);

async function main(): Promise<number> {
  if (words.includes('--help')) {
    console.log(usage);
    return 0;
  }
  const context = words.find((word) => word.startsWith('environment='))?.slice('environment='.length);
  const name = context ?? process.env.ENVIRONMENT ?? 'dev';
  const [, config] = Object.entries(environments).find(([known]) => known === name) ?? [];
  if (!config) {
    throw new UsageError(`there is no environment ${name}; there are ${Object.keys(environments).join(', ')}`);
  }
  const deployment = { pipeline: pipeline.name, environment: config.environment };
  const { active, standby } = config.regions;
  const { only, arguments: cdkArguments } = deployWords(words, {
    stacks: names.base(deployment),
    regions: [active, standby],
  });
  // A region that is lost is not asked: it may answer, and badly.
  const ask = only === undefined ? [active, standby] : [only];
  const target = createTarget({ pipeline, deployment, region: active });
  const held = await mustAgree(target, config.regions, ask);
  await mustKeepWitness(target, config.regions, ask);
  console.log(
    held
      ? `${held.region} has the authority, epoch ${held.epoch}, as configured`
      : 'nobody has the authority yet: a first deployment',
  );
  return spawnSync('cdk', cdkArguments, { stdio: 'inherit' }).status ?? 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const { name, message } = error as Error;
  if (name !== 'UsageError' && name !== 'CredentialsProviderError') throw error;
  console.error(name === 'UsageError' ? message : `${message}; npm run deploy needs credentials of the account`);
  process.exitCode = name === 'UsageError' ? 2 : 1;
}
