/** Dashboards: kept and handed back; drawing them is for others. */
import type {
  DeleteDashboardsInput,
  GetDashboardInput,
  GetDashboardOutput,
  ListDashboardsInput,
  ListDashboardsOutput,
  PutDashboardInput,
  PutDashboardOutput,
} from '@aws-sdk/client-cloudwatch';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { page } from './pages.ts';
import type { Dashboard, Monitoring } from './state.ts';
import { addTags } from './tags.ts';
import { invalidValue } from './time.ts';

export const putDashboard: Action<Monitoring, PutDashboardInput, PutDashboardOutput> = (input, state, context) => {
  refuseUnknown('monitoring:PutDashboard', input, ['DashboardName', 'DashboardBody', 'Tags']);
  const { DashboardName: name = '', DashboardBody: body = '' } = input;
  if (!isName(name)) {
    throw refused(
      `The value ${name} for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).\n`,
    );
  }
  if (!isObject(body)) {
    const Message = 'The field DashboardBody must be a valid JSON object';
    throw refused(Message, { dashboardValidationMessages: [{ Message }] });
  }
  const arn = `arn:aws:cloudwatch::${state.account}:dashboard/${name}`;
  if (!state.dashboards.has(name)) {
    const tags = new Map<string, string>();
    addTags(tags, input.Tags);
    state.dashboardTags.set(arn, tags);
  }
  state.dashboards.set(name, { name, arn, body, modified: context.now });
  return { DashboardValidationMessages: [] };
};

export const getDashboard: Action<Monitoring, GetDashboardInput, GetDashboardOutput> = (input, state) => {
  refuseUnknown('monitoring:GetDashboard', input, ['DashboardName']);
  const { name, arn, body } = dashboardNamed(state, input.DashboardName);
  return { DashboardName: name, DashboardArn: arn, DashboardBody: body };
};

export const listDashboards: Action<Monitoring, ListDashboardsInput, ListDashboardsOutput> = (input, state) => {
  refuseUnknown('monitoring:ListDashboards', input, ['DashboardNamePrefix', 'NextToken']);
  const { DashboardNamePrefix: prefix = '' } = input;
  if (prefix !== '' && !isName(prefix)) throw invalidValue('DashboardNamePrefix', prefix);
  const wanted = [...state.dashboards.values()]
    .filter(({ name }) => name.startsWith(prefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, rest } = page(wanted, input.NextToken, {
    size: 1000,
    refuse: (token) => invalidValue('NextToken', token),
  });
  return {
    DashboardEntries: items.map(({ name, arn, body, modified }) => ({
      DashboardName: name,
      DashboardArn: arn,
      LastModified: new Date(modified),
      Size: Buffer.byteLength(body),
    })),
    ...rest,
  };
};

/** DeleteDashboards: all of them or none. */
export const deleteDashboards: Action<Monitoring, DeleteDashboardsInput, object> = (input, state) => {
  refuseUnknown('monitoring:DeleteDashboards', input, ['DashboardNames']);
  const found = (input.DashboardNames ?? []).map((name) => dashboardNamed(state, name));
  for (const { name, arn } of found) {
    state.dashboards.delete(name);
    state.dashboardTags.delete(arn);
  }
  return {};
};

function dashboardNamed(state: Monitoring, name = ''): Dashboard {
  if (!isName(name)) throw invalidValue('DashboardName', name);
  const dashboard = state.dashboards.get(name);
  if (dashboard) return dashboard;
  throw new ServiceError('DashboardNotFoundError', `Dashboard ${name} does not exist`, { status: 404 });
}

const isName = (name: string): boolean => /^[A-Za-z0-9_-]{1,255}$/.test(name);

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const refused = (message: string, fields: Record<string, unknown> = {}) =>
  new ServiceError('DashboardInvalidInputError', message, { fields });
