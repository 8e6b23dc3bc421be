import { describe, expect, test } from 'vitest';
import { domainTablesOf } from '../../../lib/model/pipeline.ts';
import { bank, prod as bankProd } from './bank.ts';
import { synthesise } from './templates.ts';

const tablesOf = (app: ReturnType<typeof synthesise>) =>
  app
    .resources(app.stacks.find((name) => name.includes('-data-'))!, 'AWS::DynamoDB::GlobalTable')
    .map(({ Properties }) => Properties);
const dev = tablesOf(synthesise());
const prod = tablesOf(synthesise(bankProd));

describe('the tables', () => {
  test('are the platform’s, the domain’s, and one for each sandbox', () => {
    const domain = domainTablesOf(bank);
    expect(dev.map(({ TableName }) => TableName).sort()).toEqual(
      [...domain, 'records', 'authority', 'sandbox-clearing-house'].map((name) => `bank-dev-${name}`).sort(),
    );
    expect(prod.map(({ TableName }) => TableName).sort()).toEqual(
      [...domain, 'records', 'authority'].map((name) => `bank-prod-${name}`).sort(),
    );
  });

  test('have a replica in each region, under that region’s key, which is named by its alias', () => {
    for (const table of dev) {
      expect(table.Replicas).toEqual(
        ['eu-central-1', 'eu-west-1'].map((Region) => ({
          Region,
          SSESpecification: { KMSMasterKeyId: `arn:aws:kms:${Region}:123456789012:alias/bank-dev` },
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          DeletionProtectionEnabled: false,
        })),
      );
      expect(table).toMatchObject({
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      });
    }
  });

  test('are keyed by one string', () => {
    for (const table of dev) {
      expect(table.KeySchema).toEqual([{ AttributeName: 'id', KeyType: 'HASH' }]);
      expect(table.AttributeDefinitions).toEqual([{ AttributeName: 'id', AttributeType: 'S' }]);
    }
  });

  // Strongly consistent tables know neither expiry nor transactions, and no tool says so.
  test('are eventually consistent between regions, and only the records expire', () => {
    for (const table of dev) {
      expect(table.MultiRegionConsistency ?? 'EVENTUAL').toBe('EVENTUAL');
      expect(table.TimeToLiveSpecification).toEqual(
        table.TableName === 'bank-dev-records' ? { AttributeName: 'expiration', Enabled: true } : undefined,
      );
    }
  });

  test('cannot be deleted where the environment retains', () => {
    expect(prod.flatMap(({ Replicas }) => Replicas).every((replica: any) => replica.DeletionProtectionEnabled)).toBe(
      true,
    );
  });
});
