/** Faults that happen at a time of their own, rather than to a call: a key that is disabled, a deployment, a redrive. */
import type { Cloud } from '../cloud.ts';
import type { ArmedFault, Choose } from './choose.ts';
import type { Fault, Strike } from './fault.ts';

export interface Moments {
  begin(cloud: Cloud, span: number): void;
  end(): void;
}

export function createMoments(options: {
  readonly faults: readonly ArmedFault[];
  readonly brief: (name: string) => string;
  readonly regions: readonly string[] | undefined;
  readonly choose: Choose;
  readonly strikeOf: (fault: Fault, site: string) => Strike;
}): Moments {
  let over = false;
  /** Targets are named with their region. */
  const briefly = (target: string) => {
    const at = target.indexOf('/') + 1;
    return `${target.slice(0, at)}${options.brief(target.slice(at))}`;
  };

  const plan = (
    cloud: Cloud,
    span: number,
    { one, target, turn }: { one: ArmedFault; target: string; turn: number },
  ) => {
    const { fault } = one;
    // The fault's own name is the action: two that happen to one target decide apart.
    const site = `${briefly(target)}|${fault.name}|-|${turn}`;
    if (options.choose(site, [one]) === undefined) return;
    const strike = options.strikeOf(fault, site);
    cloud.agenda.at(cloud.now() + strike.between(0, span, 'when'), () => {
      if (!over) fault.happen!(target, strike);
    });
  };

  return {
    begin(cloud, span) {
      for (const one of options.faults) {
        const { targets, times = 1 }: Fault = one.fault;
        for (const target of targets?.(cloud, options.regions ?? cloud.regions()) ?? []) {
          for (let turn = 1; turn <= times; turn++) plan(cloud, span, { one, target, turn });
        }
      }
    },
    end() {
      over = true;
    },
  };
}
