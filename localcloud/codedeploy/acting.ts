/** CodeDeploy as it acts for a group: what `aws:SourceArn` in the role's trust policy is compared with (user guide, "Cross-service confused deputy prevention"). */
import type { Principal } from '../service.ts';

export const codedeployFor = (groupArn: string, account: string): Principal => ({
  kind: 'service',
  account,
  service: 'codedeploy.amazonaws.com',
  sourceArn: groupArn,
});
