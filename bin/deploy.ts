/** `cdk deploy --all`, once it is sure that the configuration says of the regions what is. */
import { spawnSync } from 'node:child_process';
import { mustAgree, mustKeepWitness } from '../lib/operate/deployable.ts';
import { createTarget, UsageError } from '../lib/operate/target.ts';
import { environments } from './app.ts';
import { pipeline } from './domain.ts';

const usage = `npm run deploy -- [-c environment=<name>] [options of cdk deploy]

Deploys all stacks. Refuses where another region has the authority to commit than bin/app.ts says is active: after a failover
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
  const target = createTarget({ pipeline, deployment, region: config.regions.active });
  const held = await mustAgree(target, config.regions);
  await mustKeepWitness(target, config.regions);
  console.log(
    held
      ? `${held.region} has the authority, epoch ${held.epoch}, as configured`
      : 'nobody has the authority yet: a first deployment',
  );
  return spawnSync('cdk', ['deploy', '--all', ...words], { stdio: 'inherit' }).status ?? 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const { name, message } = error as Error;
  if (name !== 'UsageError' && name !== 'CredentialsProviderError') throw error;
  console.error(name === 'UsageError' ? message : `${message}; npm run deploy needs credentials of the account`);
  process.exitCode = name === 'UsageError' ? 2 : 1;
}
