/** Neighbours that the drivers' tests do not look at closely. */
import type { Service } from '../../../localcloud/service.ts';

export function stubLogs(): { readonly service: Service; readonly lines: string[] } {
  const lines: string[] = [];
  const nothing = () => ({});
  const service: Service = {
    name: 'logs',
    create: nothing,
    actions: {
      CreateLogGroup: nothing,
      CreateLogStream: nothing,
      PutLogEvents: ({ logEvents }) => {
        lines.push(...logEvents.map((one: { message: string }) => one.message));
        return {};
      },
    },
    unrecorded: ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents'],
  };
  return { service, lines };
}

export const stubMonitoring: Service = {
  name: 'monitoring',
  create: () => ({}),
  actions: { PutMetricData: () => ({}) },
  unrecorded: ['PutMetricData'],
};
