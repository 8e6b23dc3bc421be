/**
 * A customer’s address changes four hundred times while the first change is still on its way. The clock is virtual; the
 * checkers of lib/proof judge it.
 */
import { expect, it } from 'vitest';
import { asProducer, publishing } from '../../bin/simulate/producer.ts';
import { deploymentOf } from '../../bin/start/live.ts';
import { orderAddressChanged } from '../../events/index.ts';
import { orders } from '../../functions/index.ts';
import { createHistorian, type Line, prove, watchOutstanding } from '../../lib/proof/index.ts';
import { createVirtual } from '../../localcloud/drive/virtual.ts';
import type { Delivery } from '../../localcloud/events/deliver.ts';
import { readAssembly } from '../../localcloud/stack/assembly.ts';
import { deploy } from '../../localcloud/stack/deploy.ts';
import { createDice } from '../../localcloud/world.ts';
import { placed } from '../chaos/prepared.ts';

const MINUTE = 60_000;
const CHANGES = 400;

const place = placed();

it('a crowd that waits for one event goes in order once it is there, and no invocation runs out of time over it', async () => {
  const { config, assembly } = place().prepared;
  const region = config.regions.active;
  let held = false;
  const virtual = createVirtual({
    seed: 'crowd',
    libraries: 'shared',
    gate: {
      postpone(call, when) {
        if (call.service !== 'events' || call.action !== 'deliver' || held) return when;
        const { envelope } = (call.input as Delivery).event;
        if ((envelope.detail as { id?: string }).id !== 'change.1') return when;
        held = true;
        return when + 10 * MINUTE;
      },
    },
  });
  const { cloud } = virtual;
  await deploy(cloud, readAssembly(assembly));
  const { history, read } = createHistorian({ pipeline: orders, deployment: deploymentOf(config), region });
  const outstanding = watchOutstanding(history);
  const failures: Line[] = [];
  cloud.journal.subscribe((entry) => {
    read(entry as Line);
    if (entry.action === 'InvocationFailed') failures.push(entry as Line);
  });
  const where = { virtual, region, config };
  const publish = publishing({ ...where, dice: createDice('crowd'), producer: await asProducer(where) });
  const start = cloud.now();
  for (let n = 1; n <= CHANGES; n++) {
    const address = { street: `${n} Kade`, city: 'Gent', country: 'BE' };
    const event = orderAddressChanged({ orderId: 'o-1', customerId: 'c-1', address });
    cloud.agenda.at(start + n * 100, () => void publish({ id: `change.${n}`, event }, start));
  }

  await virtual.run({ for: 9 * MINUTE });
  expect([history.parked.length, history.commits.length]).toEqual([CHANGES - 1, 0]);
  await virtual.run({ for: 5 * MINUTE });
  outstanding.update();
  virtual.stop();
  expect([outstanding.open.size, failures, history.deadLettered]).toEqual([0, [], []]);
  expect(prove(history).findings.filter(({ holds }) => holds === false)).toEqual([]);
  const changes = history.commits.map(({ eventId }) => eventId).filter((id) => id.startsWith('change.'));
  expect(changes).toEqual(Array.from({ length: CHANGES }, (_, index) => `change.${index + 1}`));
}, 120_000);
