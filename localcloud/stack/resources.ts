/** What a single resource needs of its stack: a context to be made in, and a way to be removed. */
import { type Context, isServiceError } from '../service.ts';
import type { ResourceContext } from './resource-type.ts';
import type { Stack, StackResource } from './state.ts';
import { resourceTypes } from './types/index.ts';

interface Surroundings {
  readonly stack: Pick<Stack, 'name' | 'id'>;
  readonly context: Context;
  readonly warnings: Set<string>;
}

export function resourceContext(
  { stack, context, warnings }: Surroundings,
  logicalId: string,
  asset?: string,
): ResourceContext {
  const { region, account, now, dice } = context;
  return {
    stackName: stack.name,
    stackId: stack.id,
    logicalId,
    region,
    account,
    now,
    dice,
    ...(asset === undefined ? {} : { asset }),
    call: (service, action, input, options = {}) =>
      context.call({
        service,
        action,
        input,
        region: options.region ?? region,
        as: { kind: 'service', account, service: 'cloudformation.amazonaws.com' },
      }),
    name: ({ maximum = 255, suffix = '' } = {}) => {
      const random = dice.hex(12, 'cloudformation', stack.name, logicalId).toUpperCase();
      const stem = `${stack.name}-${logicalId}`.slice(0, maximum - random.length - 1 - suffix.length);
      const name = `${stem}-${random}${suffix}`;
      return name;
    },
    made: () => {},
    warn: (message) => warnings.add(message),
  };
}

/** Removes a resource. What is gone already counts as removed, as on AWS; that is judged call by call, since some take several. */
export function removeResource(surroundings: Surroundings, resource: StackResource): void {
  const context = resourceContext(surroundings, resource.logicalId, resource.asset);
  const call: ResourceContext['call'] = (...request) => {
    try {
      return context.call(...request);
    } catch (error) {
      if (isServiceError(error) && /NotFound|NonExistent|DoesNotExist|NoSuchEntity/.test(error.code)) return {} as any;
      throw error;
    }
  };
  resourceTypes.get(resource.type)?.remove?.(resource, { ...context, call });
}
