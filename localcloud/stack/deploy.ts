/** Deploys a cloud assembly into a local cloud, as `cdk deploy --all` does into AWS. */
import { ACCOUNT, administrator, type Cloud } from '../cloud.ts';
import { isServiceError, ServiceError } from '../service.ts';
import type { Assembly, AssemblyStack } from './assembly.ts';
import type { DeployStackRequest, DeployStackResult } from './deploy-stack.ts';
import type { Change } from './deployment.ts';
import { foreignAccounts } from './foreign-accounts.ts';

export interface DeployOptions {
  readonly onStack?: (stack: AssemblyStack) => void;
  readonly onResource?: (change: Change, stack: AssemblyStack) => void;
  /** Values of parameters, by the name of the stack. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface StackReport extends DeployStackResult {
  readonly Region: string;
}

export interface DeploymentReport {
  readonly stacks: readonly StackReport[];
  /** What the local cloud does otherwise than AWS would, and what it will not be able to reach. */
  readonly warnings: readonly string[];
}

/** A stack that could not be deployed. The stacks before it stand; those after it were not tried. */
export class DeploymentError extends Error {
  readonly code = 'DeploymentFailed';
  readonly report: DeploymentReport;
  constructor(message: string, report: DeploymentReport) {
    super(message);
    this.name = 'DeploymentError';
    this.report = report;
  }
}

/**
 * Deploys each stack in its region, in order, as the administrator.
 * @throws DeploymentError at the first stack that was rolled back
 * @throws ServiceError when a template cannot be deployed at all
 */
export async function deploy(cloud: Cloud, assembly: Assembly, options: DeployOptions = {}): Promise<DeploymentReport> {
  const { onStack, onResource, parameters = {} } = options;
  for (const stack of assembly.stacks) refuseOtherAccount(stack);
  const stacks: StackReport[] = [];
  const warnings: string[] = [];
  for (const stack of assembly.stacks) {
    onStack?.(stack);
    const input: DeployStackRequest = {
      StackName: stack.name,
      Template: stack.template,
      Assets: stack.assets,
      Parameters: { ...stack.parameters, ...parameters[stack.name] },
      Tags: stack.tags,
      EnableTerminationProtection: stack.terminationProtection,
    };
    const { region } = stack;
    const asked = { service: 'cloudformation', action: 'DeployStack', region, input, principal: administrator };
    const result = await cloud.request<DeployStackResult>(asked).catch((error) => {
      if (!isServiceError(error)) throw error;
      const { code, message, status } = error;
      throw new ServiceError(code, `${stack.name} (${region}) cannot be deployed: ${message}`, { status });
    });
    for (const change of result.Changes) onResource?.(change, stack);
    stacks.push({ ...result, Region: region });
    warnings.push(...[...result.Warnings, ...otherAccounts(stack)].map((warning) => `${stack.name}: ${warning}`));
    if (result.StackStatus.includes('ROLLBACK')) {
      const message = `${stack.name} (${region}) is ${result.StackStatus}: ${result.StackStatusReason}`;
      throw new DeploymentError(message, { stacks, warnings });
    }
  }
  return { stacks, warnings };
}

/** Every ARN of such a template would name an account that is not here. */
function refuseOtherAccount({ name, account }: AssemblyStack): void {
  if (account === undefined || account === ACCOUNT) return;
  throw new Error(
    `${name} was synthesised for account ${account}; the local cloud is account ${ACCOUNT}: synthesise for that one`,
  );
}

const otherAccounts = ({ template }: AssemblyStack): string[] =>
  foreignAccounts(template.Resources, ACCOUNT, 'Resources').map(
    ({ account, path }) => `${path} names account ${account}; the local cloud is account ${ACCOUNT} and has no other`,
  );
