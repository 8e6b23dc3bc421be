import { type AuditEntry, listAudit } from '../../lib/operate/audit.ts';
import { UsageError } from '../../lib/operate/target.ts';
import { sinceOf } from '../../lib/operate/time.ts';
import { type Command, shortened, table } from '../command.ts';

export const auditCommand: Command = {
  name: 'audit',
  summary: 'list what operators did: who, what, on which, why, and what came of it',
  usage: 'list',
  options: { since: { help: 'only from this time on: 2026-01-05T08:00:00Z, or 2h for two hours ago' } },
  async run({ target, positionals: [verb], options, json }) {
    if (verb !== 'list') throw new UsageError(`${['audit', verb].join(' ').trim()}: allowed is list`);
    const since = options.since as string | undefined;
    const entries = await listAudit(target, { since: since === undefined ? undefined : sinceOf('since', since) });
    if (json) console.log(JSON.stringify(entries, null, 2));
    else if (entries.length === 0) console.log('nothing was done');
    else {
      console.log(
        table([
          ['when', 'who', 'what', 'on', 'why', 'result'],
          ...entries.map((one) => [
            one.at.slice(0, 19),
            one.who.split(':').at(-1)!,
            one.what,
            inWords(one),
            one.why,
            shortened(one.result.split('\n')[0]!, 60),
          ]),
        ]),
      );
    }
    return 0;
  },
};

const inWords = ({ on }: AuditEntry): string =>
  shortened(
    Object.entries(on)
      .filter(
        ([name, value]) =>
          ['string', 'number'].includes(typeof value) && !['body', 'detail', 'queue', 'messageId'].includes(name),
      )
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
    70,
  );
