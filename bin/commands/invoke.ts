import { functionKnown, invoke } from '../../lib/operate/invoke.ts';
import { UsageError } from '../../lib/operate/target.ts';
import type { Command } from '../command.ts';
import { readGiven } from '../read-given.ts';

export const invokeCommand: Command = {
  name: 'invoke',
  summary: 'run a function on a Lambda payload, by default its own of events/samples',
  usage: '<function> [file.json]',
  async run({ target, positionals: [name, file], json }) {
    if (name === undefined) throw new UsageError('name a function: invoke <function> [file.json]');
    const payload = await readGiven(file ?? `events/samples/${functionKnown(target, name)}.json`);
    const { ok, result, log } = await invoke(target, name, payload);
    if (json) console.log(JSON.stringify({ ok, result, log }, null, 2));
    else {
      if (log) console.error(log.trimEnd());
      console.log(JSON.stringify(result, null, 2));
    }
    return ok ? 0 : 1;
  },
};
