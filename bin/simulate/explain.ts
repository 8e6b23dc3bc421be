/** Makes a failure as small as it gets, and shows what happens in it. */
import type { Prepared } from '../start/prepare.ts';
import type { Steps } from '../start/steps.ts';
import type { Asked } from './asked.ts';
import type { Outcome } from './outcome.ts';
import { shrink } from './shrink.ts';
import { renderTimeline } from './timeline.ts';

export async function explain(
  prepared: Prepared,
  failed: Outcome,
  { asked, steps }: { asked: Asked; steps: Steps },
): Promise<string> {
  const small = await shrink(prepared, failed, {
    asked,
    onProgress: (words) => steps.progress(`  making ${failed.seed} smaller: ${words}`),
  });
  steps.settle();
  if (small) return renderTimeline(prepared, small);
  return `  ${failed.seed} did not fail in the same way with the faults that it recorded; it is left as it is.\n`;
}
