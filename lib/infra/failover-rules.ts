/** What the configuration of the failover stack must satisfy. */
import type { PipelineConfig } from './config.ts';
import type { Rule } from './config-rules.ts';

/** Where EventBridge has global endpoints. https://docs.aws.amazon.com/config/latest/developerguide/global-endpoint-event-replication-enabled.html */
const withEndpoints = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  ...['ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];

export function failoverRules({ regions }: PipelineConfig): Rule[] {
  const { failover, active, standby, witness } = regions;
  if (failover === undefined) return [];
  const { failedMinutes, coolDownHours, automatic } = failover;
  return [
    {
      setting: 'regions.failover.failedMinutes',
      value: failedMinutes,
      holds: Number.isInteger(failedMinutes) && failedMinutes >= 1 && failedMinutes <= 10,
      allowed: 'a whole number from 1 to 10: the canary is said once a minute',
    },
    {
      setting: 'regions.failover.coolDownHours',
      value: coolDownHours,
      holds: coolDownHours >= 1 && coolDownHours <= 720,
      allowed: 'a number from 1 to 720',
    },
    {
      setting: 'regions.failover.automatic',
      value: automatic,
      holds: !automatic || witness !== undefined,
      allowed:
        'false without regions.witness, for nothing makes sure then that the old region has stopped; name a witness',
    },
    ...[active, standby].map((region) => ({
      setting: 'regions.failover, in the region',
      value: region,
      holds: withEndpoints.includes(region),
      allowed: `one of ${withEndpoints.join(', ')}, where EventBridge has global endpoints; leave regions.failover out elsewhere`,
    })),
  ];
}
