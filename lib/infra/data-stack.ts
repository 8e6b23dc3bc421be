/** The tables, each in both regions. */
import { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import { type App, RemovalPolicy } from 'aws-cdk-lib/core';
import { names } from '../model/names.ts';
import { domainTablesOf } from '../model/pipeline.ts';
import { arns, elsewhere } from './arns.ts';
import { BaseStack } from './base-stack.ts';
import { pascalCase } from './construct-id.ts';
import type { Place } from './place.ts';
import { sandboxesIn } from './tables.ts';

/** The attribute by which records expire; Powertools' own name for it. */
const expiration = 'expiration';

interface TableOptions {
  readonly expires?: boolean;
  /** The third voter of a strongly consistent table. */
  readonly witness?: string | undefined;
}

export class DataStack extends BaseStack {
  constructor(app: App, place: Place) {
    super(app, 'data', place);
    const { pipeline, deployment, config } = place;
    this.table('RecordsTable', names.records(deployment), { expires: true });
    this.table('AuthorityTable', names.authority(deployment), { witness: config.regions.witness });
    for (const table of domainTablesOf(pipeline))
      this.table(`${pascalCase(table)}Table`, names.table(deployment, table));
    for (const system of sandboxesIn(config)) {
      // Replicated like the rest: after a failover the sandbox must still know what it was already asked, as a real
      // system would, or a rehearsal would show doubled effects that are the sandbox's own.
      this.table(`${pascalCase(system)}Sandbox`, names.sandbox(deployment, system));
    }
  }

  /**
   * Eventually consistent between regions: strongly consistent tables know neither transactions nor expiry, and the
   * commit needs both. What replication lag may cost is for the fence to bound.
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
   */
  private table(id: string, tableName: string, { expires = false, witness }: TableOptions = {}): void {
    const { config } = this.place;
    const table = new CfnGlobalTable(this, id, {
      tableName,
      billingMode: 'PAY_PER_REQUEST',
      attributeDefinitions: [{ attributeName: 'id', attributeType: 'S' }],
      keySchema: [{ attributeName: 'id', keyType: 'HASH' }],
      // What replication reads from.
      streamSpecification: { streamViewType: 'NEW_AND_OLD_IMAGES' },
      sseSpecification: { sseEnabled: true, sseType: 'KMS' },
      ...(witness === undefined
        ? {}
        : { multiRegionConsistency: 'STRONG', globalTableWitnesses: [{ region: witness }] }),
      ...(expires ? { timeToLiveSpecification: { attributeName: expiration, enabled: true } } : {}),
      replicas: [config.regions.active, config.regions.standby].sort().map((region) => ({
        region,
        sseSpecification: { kmsMasterKeyId: arns.keyAlias(elsewhere(this.place, region)) },
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        deletionProtectionEnabled: config.retain,
      })),
    });
    // Kept even when its creation is taken back: it is protected from deletion, so that the rollback could only fail on it.
    table.applyRemovalPolicy(config.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
  }
}
