/** The time in which a region was there. */
import type { Line } from '../../lib/proof/index.ts';

/** The first moment by which, from a moment on, so many milliseconds have passed in a row in which the region was there. */
export type Awake = (from: number, milliseconds: number) => number;

export function awakeIn({ lines, region }: { readonly lines: readonly Line[]; readonly region: string }): Awake {
  const lost: { from: number; to: number }[] = [];
  for (const line of lines) {
    if (line.service !== 'regions' || line.region !== region) continue;
    if (line.action === 'RegionLost') lost.push({ from: line.at, to: Number.POSITIVE_INFINITY });
    else if (line.action === 'RegionReturned') lost.at(-1)!.to = line.at;
  }
  return (from, milliseconds) => {
    let begin = from;
    for (const gone of lost) if (gone.from < begin + milliseconds && gone.to > begin) begin = gone.to;
    return begin + milliseconds;
  };
}
