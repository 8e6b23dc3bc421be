/** How long letters had lain is told to CloudWatch by whoever takes them away. */
import { beforeEach, expect, it } from 'vitest';
import { inPipeline } from '../../../lib/model/metrics.ts';
import { discard } from '../../../lib/operate/discard.ts';
import { boxesOf, type Letter } from '../../../lib/operate/letters.ts';
import { redrive } from '../../../lib/operate/redrive.ts';
import { tellRepair } from '../../../lib/operate/repair.ts';
import { deployment, lost } from '../runtime/workbench.ts';
import { accountEvent, type Desk, desk } from './desk.ts';

let at: Desk;
beforeEach(async () => {
  at = await desk();
});

const heard = () => {
  const puts: any[] = [];
  at.bench.faults.before = ({ action, input }) => {
    if (action === 'PutMetricData' && (input as any).Namespace === deployment.pipeline) puts.push(input);
  };
  return puts;
};
const options = { what: 'dlq', note: 'mended', patience: 0, selection: {} };
const boxes = () => boxesOf(at.target, 'dead-letters', 'open');

it.each(['redrive', 'discard'])(
  'a %s says it of each letter, under the dimensions that the alarm looks at',
  async (verb) => {
    const puts = heard();
    await at.giveUp(accountEvent('1', 'a'));
    await at.giveUp(accountEvent('2', 'b'));
    const done = await (verb === 'redrive' ? redrive : discard)(at.target, boxes(), options);
    expect(done.untold).toBeUndefined();
    const [{ MetricData }] = puts;
    expect(MetricData).toMatchObject([
      {
        MetricName: 'TimeToRepair',
        Unit: 'Seconds',
        Dimensions: Object.entries(inPipeline(deployment)).map(([Name, Value]) => ({ Name, Value })),
      },
    ]);
    expect(MetricData[0].Values).toHaveLength(2);
  },
);

it('a dry run says nothing', async () => {
  const puts = heard();
  await at.giveUp(accountEvent('1'));
  await redrive(at.target, boxes(), { ...options, dryRun: true });
  await discard(at.target, boxes(), { ...options, dryRun: true });
  expect(puts).toEqual([]);
});

it('the deed is done all the same when CloudWatch does not answer, and says so', async () => {
  await at.giveUp(accountEvent('1'));
  at.bench.faults.before = ({ action }) => {
    if (action === 'PutMetricData') throw lost();
  };
  const { sent, untold } = await redrive(at.target, boxes(), options);
  expect(sent).toHaveLength(1);
  expect(untold).toContain('CloudWatch was not told how long they had lain');
});

it('many are told in lists that CloudWatch takes', async () => {
  const puts = heard();
  const letters = Array.from({ length: 151 }, () => ({ sent: Date.now() - 90_000 }) as Letter);
  expect(await tellRepair(at.target, letters)).toBeUndefined();
  expect(puts.map(({ MetricData }) => MetricData[0].Values.length)).toEqual([150, 1]);
  expect(puts[1].MetricData[0].Values[0]).toBeCloseTo(90, -1);
});
