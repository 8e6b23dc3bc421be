/** The order in which letters go back. */
import { earlierFirst } from '../model/sequence.ts';
import type { Letter } from './letters.ts';

/**
 * Oldest first, as they come; but those of one entity that one emitter numbered go by their numbers, which tell the order in
 * which things happened, where the time of their refusal tells only who failed first.
 */
export function inOrder(letters: readonly Letter[]): readonly Letter[] {
  const ordered = [...letters];
  const lines = Map.groupBy(
    ordered.map((letter, index) => ({ letter, index })).filter(({ letter }) => letter.place !== undefined),
    ({ letter: { stage, entity, source } }) => `${stage} ${entity} ${source}`,
  );
  for (const line of lines.values()) {
    const byNumber = line.map(({ letter }) => letter).sort(byPlace);
    for (const [position, { index }] of line.entries()) ordered[index] = byNumber[position]!;
  }
  return ordered;
}

const byPlace = ({ place: a }: Letter, { place: b }: Letter): number => earlierFirst(a!, b!);
