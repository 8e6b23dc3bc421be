/** What has not ended in any region. */
import { type History, watchOutstanding } from '../../lib/proof/index.ts';

/** Events without an end, by stage; each in a word. */
export function unended(history: History): readonly string[] {
  const outstanding = watchOutstanding(history);
  outstanding.update();
  return [...outstanding.open, ...outstanding.resting].map((key) => `${key} has not ended`);
}
