/** What a run ends with names commands only where a cloud is left that can answer them. */
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { pipeline } from '../../bin/domain.ts';
import { renderReport } from '../../bin/start/report.ts';
import { type History, type Summary, summarise } from '../../lib/proof/index.ts';

const history = {
  pipeline,
  lines: 1,
  ...{ said: [], commits: [], deadLettered: [], quarantined: [], sentBack: [] },
} as unknown as History;

const summary: Summary = {
  ...summarise(history),
  givenUp: [{ stage: 'a-stage', eventId: 'an-event', reason: 'failed', detail: 'a detail', by: 'stage' }] as never,
};

const render = (endpoint?: string) =>
  stripVTControlCharacters(
    renderReport({ summary, verdict: { holds: true, findings: [] }, history, headline: 'A run', endpoint }),
  );

it('says how what was given up is listed, at the endpoint of the cloud that stays up', () => {
  expect(render('http://127.0.0.1:9')).toContain('npm run pipeline -- dlq list --endpoint http://127.0.0.1:9');
});

it('lists what was given up, but names no command, once the cloud is gone', () => {
  expect(render()).toContain('dead-lettered at a-stage: an-event: failed: a detail');
  expect(render()).not.toContain('npm run pipeline');
});
