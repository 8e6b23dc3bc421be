/** What has to happen sometimes where more of one entity waits than one invocation has the time for. */
import { names } from '../../lib/model/names.ts';
import { RELEASE } from '../../lib/model/release.ts';
import { pipeline } from '../domain.ts';
import { localEnvironment } from '../start/prepare.ts';
import { fact, type Index, type Sometimes } from './sometimes.ts';

const deployment = { pipeline: pipeline.name, environment: localEnvironment };
const queues = new Set(pipeline.stages.map(({ name }) => names.queue(deployment, name)));

export const sometimesInCrowd: readonly Sometimes[] = [
  fact('a stage that sent itself word to go on', (_, index) => wordsIn(index).size > 0),
  fact('a crowd that took more than one word', (_, index) => {
    const crowds = [...wordsIn(index).values()].map(({ crowd }) => crowd);
    return new Set(crowds).size < crowds.length;
  }),
  fact('a word that was sent again', (_, index) => [...wordsIn(index).values()].some(({ times }) => times > 1)),
  fact('a word in a dead-letter queue, sent back', ({ history }, index) => {
    const words = wordsIn(index);
    return history.deadLettered.some(({ eventId }) => words.has(eventId));
  }),
];

interface Word {
  /** The queue and the entity. */
  readonly crowd: string;
  /** How often it was sent. */
  readonly times: number;
}

/** The words that stages sent themselves, by id. */
function wordsIn({ of }: Index): ReadonlyMap<string, Word> {
  const words = new Map<string, Word>();
  for (const { input, error } of of('SendMessageBatch')) {
    const queue = input.QueueUrl.split('/').at(-1);
    if (error || !queues.has(queue)) continue;
    for (const { MessageBody } of input.Entries ?? []) {
      const { type, id, partitionkey } = JSON.parse(MessageBody);
      if (type !== RELEASE) continue;
      words.set(id, { crowd: `${queue} ${partitionkey}`, times: (words.get(id)?.times ?? 0) + 1 });
    }
  }
  return words;
}
