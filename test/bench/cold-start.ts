/** What a cold start costs: a fresh process that loads a function's bundle, against one that loads nothing. */
import { bundledFunctions } from '../../lib/infra/bundle.ts';
import { type Figure, median, run, times } from './figures.ts';

const environment = {
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  PIPELINE: 'bench',
  ENVIRONMENT: 'bench',
  ACCOUNT: '123456789012',
  HOME_REGION: 'eu-west-1',
  AUTHORITY: 'by-hand',
};

export async function coldStart(
  functions: readonly string[],
  outside: Readonly<Record<string, string>>,
): Promise<readonly Figure[]> {
  const load = async (script: string) =>
    median(
      (await times(9, () => run(['-e', script], { ...environment, ...outside }))).map(
        ({ milliseconds }) => milliseconds,
      ),
    );
  const empty = await load('');
  const figures: Figure[] = [{ what: 'a process that loads nothing', value: empty, unit: 'ms' }];
  for (const name of functions) {
    const value = await load(`require(${JSON.stringify(`${bundledFunctions}/${name}/index.js`)})`);
    figures.push({ what: `a process that loads ${name}`, value, unit: 'ms' });
  }
  return figures;
}
