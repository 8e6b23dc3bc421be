import { status } from '../../lib/operate/status.ts';
import { type Command, table } from '../command.ts';

export const statusCommand: Command = {
  name: 'status',
  summary: 'what waits, what is in hand, and what was given up, stage by stage',
  usage: '',
  async run({ target, json }) {
    const now = await status(target);
    if (json) {
      console.log(JSON.stringify(now, null, 2));
      return 0;
    }
    console.log(
      table([
        ['stage', 'inbox', 'waiting', 'in hand', 'dead letters'],
        ...now.stages.map(({ stage, inbox, queue, deadLetters }) => [
          stage,
          inbox.visible + inbox.inFlight,
          queue.visible,
          queue.inFlight,
          deadLetters,
        ]),
      ]),
    );
    console.log(
      `\nquarantined ${now.quarantined}   undelivered ${now.undelivered}   alarms ${now.alarms.join(', ') || 'none'}   (${now.region})`,
    );
    return 0;
  },
};
