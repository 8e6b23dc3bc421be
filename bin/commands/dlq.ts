import { listDeadLetters } from '../../lib/operate/dead-letters.ts';
import { UsageError } from '../../lib/operate/target.ts';
import { type Command, table } from '../command.ts';

export const dlqCommand: Command = {
  name: 'dlq',
  summary: 'list dead letters and quarantined events, with their reasons',
  usage: 'list [stage]',
  async run({ target, positionals: [verb, stage], json }) {
    if (verb !== 'list') throw new UsageError(`dlq ${verb ?? ''}: allowed is list`);
    const letters = await listDeadLetters(target, stage);
    if (json) console.log(JSON.stringify(letters, null, 2));
    else if (letters.length === 0) console.log('nothing was given up');
    else {
      console.log(
        table([
          ['stage', 'event', 'entity', 'reason', 'detail'],
          ...letters.map((one) => [
            one.stage,
            `${one.type ?? '?'} ${one.eventId ?? one.messageId}`,
            one.entity ?? '',
            one.reason,
            one.detail.slice(0, 80),
          ]),
        ]),
      );
    }
    return 0;
  },
};
