/** In the region that is not active an operator is refused whatever nobody there would hear of. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { commands } from '../../bin/commands.ts';
import { readWords } from '../../bin/words.ts';
import { ACTIVE } from '../../lib/model/authority.ts';
import { names } from '../../lib/model/names.ts';
import { listAudit } from '../../lib/operate/audit.ts';
import { desk } from '../lib/operate/desk.ts';
import { deployment } from '../lib/runtime/workbench.ts';

it.each([
  'pause open --note x',
  'pause open --dry-run',
  'resume open --note x',
  'park release open a --note x',
  'park skip open a --note x',
  'replay --from 1h --note x',
])('%s', async (line) => {
  const { target } = await desk();
  const held = { id: ACTIVE, region: 'eu-central-1', epoch: 2, from: 0, since: 0, home: 'eu-west-1' };
  await target.dynamodb.send(new PutItemCommand({ TableName: names.authority(deployment), Item: marshall(held) }));
  const [name, ...words] = line.split(' ');
  const command = commands.find((one) => one.name === name)!;
  const { positionals, values } = readWords(command, words);
  const untilInterrupted = () => new AbortController().signal;
  const run = async () => command.run({ target, positionals, options: values, json: true, untilInterrupted });
  await expect(run()).rejects.toThrow('eu-central-1 is the active region; in eu-west-1 all is off');
  expect(await listAudit(target)).toEqual([]);
});
