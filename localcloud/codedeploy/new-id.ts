import type { Context } from '../service.ts';

/** An id of a deployment as CodeDeploy makes them: `d-ABCDEF123`. */
export const newId = ({ dice, region }: Context, group: string): string =>
  `d-${dice.hex(9, 'codedeploy', 'deployment', region, group).toUpperCase()}`;
