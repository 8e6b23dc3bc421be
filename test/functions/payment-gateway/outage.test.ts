/** The real handler before a real gateway over HTTP, which fails in every way that it can and recovers. */
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { orderPlaced } from '../../../events/index.ts';
import { charge } from '../../../functions/charge-card/handler.ts';
import { chargeCard } from '../../../functions/charge-card/stage.ts';
import { paymentGateway } from '../../../functions/payment-gateway/index.ts';
import { receivesOf } from '../../../lib/model/stage.ts';
import { calling } from '../../../lib/runtime/calling.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { type LoopbackGateway, loopbackGateway, type Mood } from '../../lib/outside/loopback-gateway.ts';
import { type Pump, pump } from '../../lib/runtime/pump.ts';
import { eventOf, type Workbench, workbench } from '../../lib/runtime/workbench.ts';

let bench: Workbench;
let gateway: LoopbackGateway;
let queue: Pump;

beforeEach(async () => {
  gateway = await loopbackGateway();
  onTestFinished(() => gateway.close());
  process.env.OUTSIDE_PAYMENTS = gateway.address;
  bench = await workbench({ stage: chargeCard.name, tables: ['payments'] });
  queue = await pump(bench, {
    stage: chargeCard.name,
    maxReceiveCount: receivesOf(chargeCard),
    visibilitySeconds: 6 * chargeCard.timeoutSeconds,
    handler: lambda(chargeCard, charge, calling({ gateway: paymentGateway })),
  });
});

const order = (orderId: string, cardToken = 'card') => {
  const address = { street: '1 Quay', city: 'Hamburg', country: 'DE' };
  const data = { orderId, customerId: 'c1', sku: 'lamp', quantity: 1, amountCents: 500, cardToken, address };
  return eventOf(orderPlaced, `event-of-${orderId}`, orderPlaced(data));
};
const phase = async () => (await bench.items('records'))['charge-card#breaker payments']?.phase.S;
const charged = () => gateway.ledger.map(({ request }) => request.orderId).sort();

it.each<Mood>(['down', 'failing', 'busy', 'garbage'])(
  'a gateway that is %s for an hour charges every order once',
  async (mood) => {
    await queue.send([order('o0')]);
    await queue.run(5);
    expect(charged()).toEqual(['o0']);

    gateway.mood = mood;
    const orders = Array.from({ length: 8 }, (_, n) => `o${n + 1}`);
    await queue.send(orders.map((id) => order(id)));
    await queue.run(10, async () => (await phase()) === 'open');
    expect(await phase()).toBe('open');
    const before = gateway.calls;
    await queue.run(20);
    expect(gateway.calls).toBe(before);

    await queue.run(3600);
    // About one for each probe; each order has been received more often than that.
    expect(gateway.calls - before).toBeLessThan(30);
    expect(await queue.waiting()).toBe(8);

    gateway.mood = 'well';
    await queue.run(1200);
    expect(await phase()).toBe('closed');
    expect(await queue.waiting()).toBe(0);
    expect(await queue.deadLetters()).toEqual({});
    expect(charged()).toEqual(['o0', ...orders]);
    expect(Object.keys(await bench.items('payments')).sort()).toEqual(['o0', ...orders]);
    expect(bench.said().map(({ type }) => type)).toEqual(Array(9).fill('payment.captured'));
  },
  60_000,
);

it('a declined card is an answer: it opens nothing', async () => {
  await queue.send(Array.from({ length: 8 }, (_, n) => order(`o${n}`, 'declined-card')));
  await queue.run(5);
  expect(await phase()).toBeUndefined();
  expect(bench.said().map(({ type }) => type)).toEqual(Array(8).fill('payment.declined'));
});

it('a 404 is an answer as well: it opens nothing, and the events end in the dead-letter queue', async () => {
  gateway.mood = 'strange';
  await queue.send(Array.from({ length: 6 }, (_, n) => order(`o${n}`)));
  await queue.run(300);
  expect(await phase()).toBeUndefined();
  expect(Object.values(await queue.deadLetters())).toEqual(Array(6).fill('attempts'));
  expect(gateway.calls).toBe(30);
}, 60_000);

it('an order that the gateway fails at is given up after five calls, and holds up nobody', async () => {
  gateway.spoils = ({ orderId }) => orderId === 'poison';
  await queue.send([order('poison')]);
  for (let n = 0; n < 40; n++) {
    await queue.send([order(`o${n}`)]);
    await queue.run(1);
  }
  expect(await queue.deadLetters()).toEqual({ 'event-of-poison': 'attempts' });
  expect(gateway.calls).toBe(40 + chargeCard.attempts);
  expect(await phase()).toBeUndefined();
}, 60_000);

it('a gateway that acts and does not answer is given up after three seconds, and not charged twice', async () => {
  gateway.mood = 'slow';
  await queue.send(Array.from({ length: 5 }, (_, n) => order(`o${n}`)));
  await queue.run(1, async () => (await phase()) === 'open');
  expect(await phase()).toBe('open');
  expect(bench.said()).toEqual([]);
  gateway.mood = 'well';
  await queue.run(300);
  expect(gateway.ledger).toHaveLength(5);
  expect(bench.said()).toHaveLength(5);
}, 60_000);
