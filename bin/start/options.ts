/** The words after `npm start --`. */
import { sampleUnit } from '../domain.ts';
import { readOptionsOf, UsageError } from '../read-options.ts';

export { UsageError } from '../read-options.ts';

export const usage = `npm start -- [options]

Runs the pipeline on this machine: the very CloudFormation that is deployed, on a local cloud, with sample events.
Where that cloud runs already, its stacks are updated in place instead: what is unchanged is untouched, data are
kept, and no sample is sent. Refused, as npm run deploy is, where another region has the authority than bin/app.ts says.

  --once             end after the verdict, with it as exit code: 0 holds, 1 does not, 2 wrong options
  --sample <n>       how many ${sampleUnit} of the sample, 1 to 10000 (default 100)
  --chaos            run under a virtual clock while every fault there is strikes at random; implies --once
  --seed <seed>      the seed of chance; a run under --chaos is the same for the same seed, and without one tries
                     up to eight until enough has struck
  --isolation <how>  where functions run: thread (default), or process, which speaks Lambda's Runtime API
  --port <port>      where the local cloud listens (default 4566; 0 for any)
  --pace <ms>        publish ten events, then wait so long, 0 to 60000 (default 200)
  --patience <s>     judge the run as it is after so many seconds (default 120)
  --json             print the result as JSON, and how it goes to standard error
  --help             print this

An update ends with 0 when all stacks are as the templates say, and 1 when one was rolled back.`;

const isolations = ['thread', 'process'] as const;

/** @throws UsageError */
export function readOptions(args: readonly string[] = process.argv.slice(2)) {
  const { values } = readOptionsOf({
    args: [...args],
    options: {
      once: { type: 'boolean' },
      sample: { type: 'string', default: '100' },
      chaos: { type: 'boolean' },
      seed: { type: 'string' },
      isolation: { type: 'string' },
      port: { type: 'string', default: '4566' },
      pace: { type: 'string', default: '200' },
      patience: { type: 'string', default: '120' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const whole = (name: 'sample' | 'port' | 'pace' | 'patience', [low, high]: readonly [number, number]): number => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new UsageError(`--${name} is ${values[name]}; allowed are whole numbers from ${low} to ${high}`);
  };
  const isolation = isolations.find((one) => one === values.isolation);
  if (isolation !== values.isolation) {
    throw new UsageError(`--isolation is ${values.isolation}; allowed are ${isolations.join(' and ')}`);
  }
  if (isolation !== undefined && values.chaos) {
    throw new UsageError('--chaos has a sandbox of its own for functions; leave --isolation out');
  }
  return {
    ...values,
    isolation,
    sample: whole('sample', [1, 10_000]),
    port: whole('port', [0, 65_535]),
    pace: whole('pace', [0, 60_000]),
    patience: whole('patience', [1, 86_400]) * 1000,
  };
}

export type Options = ReturnType<typeof readOptions>;
