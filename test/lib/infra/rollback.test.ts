/** What a deployment that fails leaves behind, in an environment that keeps its data: nothing that the next attempt falls over. */
import { expect, it } from 'vitest';
import { ServiceError } from '../../../localcloud/service.ts';
import { services } from '../../../localcloud/services.ts';
import { readAssembly } from '../../../localcloud/stack/assembly.ts';
import { deploy } from '../../../localcloud/stack/deploy.ts';
import { testCloud } from '../../localcloud/bench-cloud.ts';
import { prod } from './bank.ts';
import { synthesise } from './templates.ts';

const assembly = readAssembly(synthesise(prod).folder);

/** A cloud that refuses one action until it is told to stop. */
function refusing(service: string, action: string) {
  let refuses = true;
  const cloud = testCloud(services, {
    gate: {
      before: (call) => {
        if (refuses && call.service === service && call.action === action) {
          throw new ServiceError('LimitExceededException', 'as many as there may be');
        }
      },
    },
  });
  return {
    ...cloud,
    relent: () => {
      refuses = false;
    },
  };
}

it.each([
  // Last of the pipeline's stack, when queues, log groups, the bus and its archive are there.
  ['pipeline', 'codedeploy', 'CreateDeploymentGroup'],
  ['keys', 'kms', 'CreateAlias'],
])('the stack of the %s can be made again once its creation was taken back', async (kind, service, action) => {
  const { cloud, pass, relent } = refusing(service, action);
  await expect(deploy(cloud, assembly)).rejects.toThrow(
    new RegExp(`-${kind}-.*is ROLLBACK_COMPLETE.*${action.slice(6)}`, 's'),
  );
  relent();
  // SQS does not give the name of a deleted queue again before.
  await pass(60_000);
  const { stacks } = await deploy(cloud, assembly);
  expect(stacks.filter(({ StackStatus }) => !/^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus))).toEqual([]);
});

it('tables stay when their creation is taken back, protected as they are: somebody deletes them, or imports them', async () => {
  const { cloud, call, relent } = refusing('dynamodb', 'UpdateTimeToLive');
  await expect(deploy(cloud, assembly)).rejects.toThrow(/-data-.*is ROLLBACK_COMPLETE/s);
  relent();
  await expect(deploy(cloud, assembly)).rejects.toThrow(/-data-.*bank-prod-records/s);
  const { TableNames } = await call('dynamodb', 'ListTables');
  for (const TableName of TableNames) {
    await expect(call('dynamodb', 'DeleteTable', { TableName })).rejects.toThrow(/protected against deletion/);
  }
});
