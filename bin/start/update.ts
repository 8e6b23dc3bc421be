/** `npm start` beside a local cloud that runs already: what was deployed there is brought up to date, in place. */
import { styleText } from 'node:util';
import { mustAgree, mustKeepWitness } from '../../lib/operate/deployable.ts';
import { createTarget } from '../../lib/operate/target.ts';
import { deployTo } from '../../localcloud/drive/deploy-to.ts';
import type { Arrival } from '../../localcloud/drive/deployments.ts';
import { DeploymentError, type DeploymentReport, type StackReport } from '../../localcloud/stack/deploy.ts';
import { lineFor } from '../command.ts';
import { pipeline } from '../domain.ts';
import type { Running } from './port.ts';
import type { Prepared } from './prepare.ts';
import type { Steps } from './steps.ts';

export interface Update {
  readonly report: DeploymentReport;
  /** Why a stack was rolled back, if one was. */
  readonly failure?: string;
}

/**
 * @throws RefusedDeploymentError when the cloud refuses to try, for instance because another deployment goes on
 * @throws UsageError where `npm run deploy` would refuse: another region has the authority than is configured
 */
export async function update(prepared: Prepared, { endpoint }: Running, steps: Steps): Promise<Update> {
  const { regions, environment } = prepared.config;
  const deployment = { pipeline: pipeline.name, environment };
  const target = createTarget({ pipeline, deployment, region: regions.active, endpoint });
  await mustAgree(target, regions);
  await mustKeepWitness(target, regions);
  steps.say(`A local cloud runs already at ${endpoint}: its stacks are updated, and no sample is sent.`);
  try {
    const report = await steps.time('deployed', async () => {
      const done = await deployTo(endpoint, prepared.assembly);
      return [`${countsOf(done.stacks.flatMap(({ Changes }) => Changes))} at ${endpoint}`, done] as const;
    });
    return { report };
  } catch (error) {
    if (error instanceof DeploymentError) return { report: error.report, failure: error.message };
    throw error;
  }
}

type Changes = StackReport['Changes'];
type Kind = Changes[number]['Change'];

const KINDS: readonly Kind[] = ['created', 'updated', 'replaced', 'deleted', 'retained', 'unchanged'];

const countsOf = (changes: Changes): string =>
  KINDS.map((kind) => [changes.filter(({ Change }) => Change === kind).length, kind] as const)
    .filter(([count]) => count > 0)
    .map(([count, kind]) => `${count} ${kind}`)
    .join(', ') || 'nothing';

const isRolledBack = ({ StackStatus }: StackReport): boolean => StackStatus.includes('ROLLBACK');

/** What a deployment changed, stack by stack; a stack that it left as it was is one line. */
export function renderUpdate({ report, failure }: Update): string {
  const lines = report.stacks.flatMap((stack) => [
    `  ${styleText('bold', stack.StackName)} (${stack.Region}): ${isRolledBack(stack) ? `${stack.StackStatus}, all as before` : countsOf(stack.Changes)}`,
    ...(isRolledBack(stack) ? [] : stack.Changes)
      .filter(({ Change }) => Change !== 'unchanged')
      .map((one) => `    ${one.Change.padEnd(8)} ${one.ResourceType} ${nameOf(one.PhysicalResourceId)}`),
  ]);
  return [
    ...lines,
    ...report.warnings.map((warning) => styleText('yellow', `  ${warning}`)),
    ...(failure === undefined ? [] : [styleText('red', `✘ ${failure}`)]),
  ].join('\n');
}

/** The same for whoever began it, with what to do next. */
export const renderUpdated = (update: Update, { endpoint }: Running): string =>
  [
    renderUpdate(update),
    ...(update.failure === undefined
      ? ['', `To send events into it: ${lineFor('send events/samples/entries.json', endpoint)}`]
      : []),
  ].join('\n');

/** Of a URL or an ARN the part by which one knows it. */
const nameOf = (id: string): string => id.split('/').at(-1)!;

/** What the process says in which the deployment arrived. */
export const renderArrival = ({ assembly, report, failure }: Arrival): string =>
  [
    `A deployment arrived from ${assembly}:`,
    renderUpdate({ report, ...(failure === undefined ? {} : { failure }) }),
  ].join('\n');

/** The same for programs. */
export const updateToJson = ({ report, failure }: Update, { endpoint, seed }: Running) => ({
  updated: failure === undefined,
  endpoint,
  seed,
  stacks: report.stacks.map(({ StackName, Region, StackStatus, Changes }) => ({
    name: StackName,
    region: Region,
    status: StackStatus,
    changes: Changes.filter(({ Change }) => Change !== 'unchanged').map((one) => ({
      change: one.Change,
      type: one.ResourceType,
      logicalId: one.LogicalResourceId,
      id: one.PhysicalResourceId,
    })),
    unchanged: Changes.filter(({ Change }) => Change === 'unchanged').length,
  })),
  warnings: report.warnings,
  ...(failure === undefined ? {} : { failure }),
});
