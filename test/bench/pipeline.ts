/** The sample through the whole pipeline: under the wall clock over HTTP, and under the virtual clock. */
import { type Figure, median, run, times } from './figures.ts';

interface Result {
  readonly milliseconds: number;
  readonly firstOutMilliseconds: number;
  readonly functionCalls: number;
  readonly invocations: number;
  readonly stages: readonly { readonly completed: number }[];
}

export async function pipeline(): Promise<readonly Figure[]> {
  const start = ['bin/node.mjs', 'bin/start.ts', '--once', '--port', '0', '--json'];
  const small = await times(3, async () => {
    const { output, milliseconds } = await run(start);
    return { ...(JSON.parse(output) as Result), whole: milliseconds };
  });
  const large = JSON.parse((await run([...start, '--sample', '500', '--pace', '0'])).output) as Result;
  const completed = ({ stages }: Result) => stages.reduce((sum, stage) => sum + stage.completed, 0);
  const chaos = await run(['bin/node.mjs', 'bin/start.ts', '--chaos', '--seed', 'bench', '--json']);
  const virtual = JSON.parse(chaos.output) as Result & {
    virtualMilliseconds: number;
    faults: number;
  };
  return [
    {
      what: 'npm start to the first order confirmed',
      value: median(small.map((one) => one.firstOutMilliseconds)),
      unit: 'ms',
    },
    { what: 'npm start -- --once, to its end', value: median(small.map((one) => one.whole)), unit: 'ms' },
    {
      what: 'stage completions per second, 100 orders, functions cold',
      value: median(small.map((one) => (1000 * completed(one)) / one.milliseconds)),
      unit: '/s',
    },
    {
      what: 'stage completions per second, 500 orders',
      value: (1000 * completed(large)) / large.milliseconds,
      unit: '/s',
    },
    {
      what: 'AWS calls of functions per stage completion, 100 orders',
      value: median(small.map((one) => one.functionCalls / completed(one))),
      unit: '',
    },
    {
      what: 'AWS calls of functions per stage completion, 500 orders',
      value: large.functionCalls / completed(large),
      unit: '',
    },
    { what: 'chaos, 100 orders: real time, with bundling and synthesis', value: chaos.milliseconds, unit: 'ms' },
    { what: 'chaos, 100 orders: virtual time', value: virtual.virtualMilliseconds, unit: 'ms' },
    { what: 'chaos, 100 orders: faults that struck', value: virtual.faults, unit: '' },
  ];
}
