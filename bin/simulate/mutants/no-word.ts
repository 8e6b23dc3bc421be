import type { Mutant } from './mutant.ts';

export const noWord: Mutant = {
  name: 'no-word',
  summary: 'what does not go behind one message is left waiting',
  scenario: 'crowd',
  sources: [
    {
      file: 'lib/runtime/finish.ts',
      from: 'one.done && one.goOn ? [wordOf(one.goOn, index)] : []',
      to: "one.done && one.goOn && stage === '' ? [wordOf(one.goOn, index)] : []",
    },
  ],
};
