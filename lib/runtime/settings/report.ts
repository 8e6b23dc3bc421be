/** What is said of settings: a line of log where they change or cannot be what they are, and metrics to count it by. */
import type { Problem, Values } from '../../model/settings.ts';
import { functionLog } from '../log.ts';
import { measure } from '../measure.ts';

export interface Reporter {
  /** They could not be read. */
  unread(error: unknown, holds: Values): void;
  /** Some of them cannot be. `news`: for the first time. */
  refused(problems: readonly Problem[], about: { readonly news: boolean; readonly holds: Values }): void;
  changed(before: Values, holds: Values): void;
  /** The stage should be paused, and is fed all the same. */
  fed(): void;
}

export const createReporter = (stage: string): Reporter => ({
  unread(error, holds) {
    measure('SettingsUnread', 1);
    functionLog.warn(`the settings of ${stage} could not be read; those that are known go on to hold`, {
      holds,
      error: error as Error,
    });
  },
  refused(problems, { news, holds }) {
    measure('SettingsRefused', problems.length);
    if (!news) return;
    const refused = problems.map(({ problem }) => problem);
    functionLog.error(`settings of ${stage} were refused; what held before them goes on to hold`, { refused, holds });
  },
  changed: (before, holds) => functionLog.info(`the settings of ${stage} changed`, { before, holds }),
  fed() {
    measure('FedWhilePaused', 1);
    functionLog.warn(`${stage} is set to be paused, and its event source feeds it all the same: pause it again`);
  },
});
