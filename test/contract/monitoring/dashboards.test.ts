import {
  DeleteDashboardsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  ListTagsForResourceCommand,
  PutDashboardCommand,
  type PutDashboardCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, captured } from './given.ts';

// The query protocol calls DashboardNotFoundError so, and the SDK goes by that name: it has another error that is called it.
const missing = 'ResourceNotFound';
const DashboardBody = '{"widgets":[]}';

async function dashboard(aws: Aws, more: Partial<PutDashboardCommandInput> = {}): Promise<string> {
  const DashboardName = more.DashboardName ?? aws.name('board');
  await aws.cloudwatch.send(new PutDashboardCommand({ DashboardBody, ...more, DashboardName }));
  aws.afterwards(() => remove(aws, DashboardName));
  return DashboardName;
}

const get = (aws: Aws, DashboardName: string) => aws.cloudwatch.send(new GetDashboardCommand({ DashboardName }));
const remove = (aws: Aws, ...DashboardNames: string[]) =>
  aws.cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames }));
const list = async (aws: Aws, DashboardNamePrefix?: string) =>
  (await aws.cloudwatch.send(new ListDashboardsCommand({ DashboardNamePrefix }))).DashboardEntries!;

behaviour(
  'a dashboard is put, told as it was put, and put anew',
  { source: captured('dashboards'), covers: ['monitoring:PutDashboard', 'monitoring:GetDashboard'] },
  async (aws) => {
    const DashboardName = await dashboard(aws);
    const DashboardArn = `arn:aws:cloudwatch::${aws.account}:dashboard/${DashboardName}`;
    expect(await get(aws, DashboardName)).toMatchObject({ DashboardName, DashboardArn, DashboardBody });
    const body = '{"start":"-PT1H","widgets":[]}';
    await dashboard(aws, { DashboardName, DashboardBody: body });
    expect((await get(aws, DashboardName)).DashboardBody).toBe(body);
  },
);

behaviour(
  'dashboards are listed by the beginning of their name, with their size',
  { source: api('ListDashboards'), covers: ['monitoring:ListDashboards'] },
  async (aws) => {
    const prefix = aws.name('list');
    for (const end of ['b', 'a']) await dashboard(aws, { DashboardName: `${prefix}-${end}` });
    expect(await list(aws, prefix)).toEqual(
      ['a', 'b'].map((end) => ({
        DashboardName: `${prefix}-${end}`,
        DashboardArn: `arn:aws:cloudwatch::${aws.account}:dashboard/${prefix}-${end}`,
        LastModified: expect.any(Date),
        Size: DashboardBody.length,
      })),
    );
  },
);

behaviour(
  'dashboards are deleted together, or not at all if one is not there',
  {
    source: api('DeleteDashboards'),
    covers: ['monitoring:DeleteDashboards', 'monitoring:DeleteDashboards!DashboardNotFoundError'],
  },
  async (aws) => {
    const [one, other] = [await dashboard(aws), await dashboard(aws)];
    await refused(remove(aws, one, aws.name('nobody')), missing);
    await get(aws, one);
    await remove(aws, one, other);
    await refused(get(aws, one), missing);
    // So that tidying up finds something.
    for (const DashboardName of [one, other]) await dashboard(aws, { DashboardName });
  },
);

behaviour(
  'what is not there is missed by name',
  { source: api('GetDashboard'), covers: ['monitoring:GetDashboard!DashboardNotFoundError'] },
  (aws) => refused(get(aws, aws.name('nobody')), missing, /^Dashboard .* does not exist$/),
);

behaviour(
  'a name holds letters, digits, dashes and underscores',
  {
    source: captured('dashboards'),
    covers: [
      'monitoring:PutDashboard!DashboardInvalidInputError',
      'monitoring:GetDashboard!InvalidParameterValueException',
      'monitoring:DeleteDashboards!InvalidParameterValueException',
      'monitoring:ListDashboards!InvalidParameterValueException',
    ],
  },
  async (aws) => {
    await refused(dashboard(aws, { DashboardName: 'a b' }), 'DashboardInvalidInputError', /alphanumerics, dash/);
    await refused(get(aws, 'a b'), 'InvalidParameterValueException');
    await refused(remove(aws, 'a b'), 'InvalidParameterValueException');
    await refused(list(aws, 'a b'), 'InvalidParameterValueException');
  },
);

behaviour(
  'a body is a JSON object, and the refusal says so',
  { source: captured('dashboards'), covers: ['monitoring:PutDashboard!DashboardInvalidInputError'] },
  async (aws) => {
    for (const body of ['', 'nonsense', '[]', '1']) {
      await refused(
        dashboard(aws, { DashboardBody: body }),
        'DashboardInvalidInputError',
        'The field DashboardBody must be a valid JSON object',
      );
    }
  },
);

behaviour(
  'a new dashboard may have tags',
  { source: api('PutDashboard'), covers: ['monitoring:PutDashboard', 'monitoring:ListTagsForResource'] },
  async (aws) => {
    const Tags = [{ Key: 'team', Value: 'a' }];
    const ResourceARN = `arn:aws:cloudwatch::${aws.account}:dashboard/${await dashboard(aws, { Tags })}`;
    expect((await aws.cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual(Tags);
  },
);
