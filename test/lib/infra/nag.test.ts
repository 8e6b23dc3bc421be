/** The rule packs of cdk-nag: every finding is mended, or acknowledged where it arises with the reason. */
import { Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { acknowledge } from '../../../lib/infra/acknowledge.ts';
import { dev, guarded, prod } from './bank.ts';
import { judged } from './templates.ts';

const checked = (config: typeof dev) =>
  judged(config, {
    validation: false,
    rules: (app) => [
      new AwsSolutionsChecks(app),
      new ServerlessChecks(app),
      new HIPAASecurityChecks(app),
      new NIST80053R5Checks(app),
    ],
  });

interface Acknowledged {
  readonly at: string;
  readonly id: string;
  readonly reason: string;
}

/** What constructs acknowledge. */
const acknowledgedIn = (root: IConstruct): readonly Acknowledged[] =>
  root.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries<any>(data).map(([id, reason]) => ({
          at: construct.node.path,
          id,
          reason: reason.reason ?? reason,
        })),
      ),
  );

/** Acknowledgements that no finding needs. */
function needless({ app, reports }: ReturnType<typeof checked>): readonly string[] {
  const needed = new Set(
    reports.flatMap(({ suppressedViolations = [] }) =>
      suppressedViolations.map(({ acknowledgedAt, acknowledgedId }: any) => `${acknowledgedAt} ${acknowledgedId}`),
    ),
  );
  return acknowledgedIn(app).flatMap(({ at, id }) => (needed.has(`${at} ${id}`) ? [] : [`${at} ${id}`]));
}

describe.each([
  ['dev', dev],
  ['prod', prod],
  ['prod with a failover stack', guarded],
] as const)('in %s', (_, config) => {
  const result = checked(config);

  test('every finding is mended or acknowledged', () => {
    expect(result.reports.map(({ pluginName }) => pluginName)).toHaveLength(4);
    const open = result.reports.flatMap(({ violations }) =>
      violations.map(
        ({ ruleName, violatingConstructs }: any) => `${ruleName}: ${violatingConstructs[0].constructPath}`,
      ),
    );
    expect(open).toEqual([]);
  });

  test('every acknowledgement has a finding, and a reason in a sentence', () => {
    expect(acknowledgedIn(result.app).length).toBeGreaterThan(50);
    expect(needless(result)).toEqual([]);
    for (const { reason } of acknowledgedIn(result.app)) expect(reason).toMatch(/^[A-Z].{30,}[.]?$/);
  });
});

test('concurrency is set aside where it matters, and not just explained', () => {
  const ids = acknowledgedIn(checked(prod).app).map(({ id }) => id);
  expect(ids.filter((id) => id.includes('LambdaConcurrency'))).toEqual([]);
});

test('an acknowledgement that nothing needs is found', () => {
  const result = judged(dev, {
    validation: false,
    rules: (app) => {
      acknowledge(app, 'S1', { of: ['solutions'], because: 'There is no bucket, so nothing needs this.' });
      return [new AwsSolutionsChecks(app)];
    },
  });
  expect(needless(result)).toContain(' AwsSolutions::AwsSolutions-S1');
});
