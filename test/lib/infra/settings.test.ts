/** What operators set outlives deployments, whatever these change of what is declared; found in the local cloud, which writes as CloudFormation does. */
import { expect, it } from 'vitest';
import { DECLARED, names, SET } from '../../../lib/model/names.ts';
import { services } from '../../../localcloud/services.ts';
import { type Assembly, readAssembly } from '../../../localcloud/stack/assembly.ts';
import { deploy } from '../../../localcloud/stack/deploy.ts';
import { testCloud } from '../../localcloud/bench-cloud.ts';
import { bank } from './bank.ts';
import { synthesise } from './templates.ts';

const assembly = readAssembly(synthesise().folder);
const stage = bank.stages[0]!.name;
const path = names.settings({ pipeline: bank.name, environment: 'dev' }, stage);

/** The same with another declaration and another description. */
function changed(): Assembly {
  const stacks = assembly.stacks.map((stack) => {
    const template = structuredClone(stack.template) as any;
    for (const { Type, Properties } of Object.values<any>(template.Resources)) {
      if (Type !== 'AWS::SSM::Parameter') continue;
      Object.assign(Properties, { Value: '{"log.level":"ERROR"}', Description: 'other', Tags: { team: 'x' } });
    }
    return { ...stack, template };
  });
  return { ...assembly, stacks };
}

it('a deployment writes what is declared, and leaves what is set', async () => {
  const { cloud, call } = testCloud(services);
  const read = async (what: string) => (await call('ssm', 'GetParameter', { Name: `${path}/${what}` })).Parameter.Value;
  await deploy(cloud, assembly);
  const declared = await read(DECLARED);
  await call('ssm', 'PutParameter', { Name: `${path}/${SET}`, Type: 'String', Value: '{"log.level":"WARN"}' });
  await deploy(cloud, changed());
  expect(await read(DECLARED)).not.toBe(declared);
  expect(await read(SET)).toBe('{"log.level":"WARN"}');
  await deploy(cloud, assembly);
  expect(await read(DECLARED)).toBe(declared);
  expect(await read(SET)).toBe('{"log.level":"WARN"}');
});
