import type { ResourceType } from '../resource-type.ts';
import { pick, tagChanges } from './properties.ts';

/** `Ref` is the name of the dashboard. */
export const cloudwatchDashboard: ResourceType = {
  type: 'AWS::CloudWatch::Dashboard',
  properties: ['DashboardBody', 'DashboardName', 'Tags'],
  attributes: [],
  replacement: ['DashboardName'],
  named: 'DashboardName',
  create(properties, context) {
    const DashboardName = properties.DashboardName ?? context.name();
    context.call('monitoring', 'PutDashboard', { DashboardName, ...pick(properties, ['DashboardBody', 'Tags']) });
    return { ref: DashboardName, attributes: {} };
  },
  update({ DashboardBody, Tags }, existing, context) {
    context.call('monitoring', 'PutDashboard', { DashboardName: existing.ref, DashboardBody });
    const ResourceARN = `arn:aws:cloudwatch::${context.account}:dashboard/${existing.ref}`;
    const { gone, put } = tagChanges(existing.properties.Tags, Tags);
    if (gone.length > 0) context.call('monitoring', 'UntagResource', { ResourceARN, TagKeys: gone });
    if (put.length > 0) context.call('monitoring', 'TagResource', { ResourceARN, Tags: put });
    return existing;
  },
  remove: ({ ref }, context) => void context.call('monitoring', 'DeleteDashboards', { DashboardNames: [ref] }),
};
