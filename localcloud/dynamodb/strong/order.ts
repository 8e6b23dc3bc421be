/**
 * Global tables with multi-Region strong consistency. All writes of such a table are in one order, which its three members
 * hold together: three replicas, or two and a witness, which holds the writes but serves nobody. A write is judged on top of
 * all before it, and committed on at least two members; whoever asks two members hears of every write there is.
 *
 * A member that cannot be reached misses writes. The others keep them for it, the witness too, and offer them until it has them.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
import { ServiceError } from '../../service.ts';
import type { ReplicatedWrite } from '../state.ts';

/** What one member knows. The number of a write, from 1, is its version's `sequence`. */
export interface Order {
  /** This one and the two others. */
  readonly members: readonly string[];
  readonly witness: string | undefined;
  /** The number of the last write. */
  position: number;
  /** The writes that some member may lack, oldest first. */
  log: readonly ReplicatedWrite[];
  /** The last write that each of the others is known to have. */
  readonly known: Map<string, number>;
  /** Writes of other regions that plain reads of this one do not see yet. */
  unseen: readonly { readonly write: ReplicatedWrite; readonly due: number }[];
  /** Items that are being modified, by where, and until when in milliseconds since 1970. */
  readonly held: Map<string, Hold>;
  /** How often in a row this member has offered in vain what others lack; undefined while no offer is due. */
  offers: number | undefined;
}

export interface Hold {
  readonly region: string;
  readonly until: number;
}

export const createOrder = (group: Pick<Order, 'members' | 'witness'>, here: string): Order => ({
  ...group,
  position: 0,
  log: [],
  known: new Map(group.members.filter((region) => region !== here).map((region) => [region, 0])),
  unseen: [],
  held: new Map(),
  offers: undefined,
});

/**
 * The other members that a call from here reaches.
 * @throws ServiceError InternalServerError where there is none: two of three must take part. AWS does not document the code
 */
export function quorumOf({ known }: Order, { reaches }: { readonly reaches: (region: string) => boolean }): string[] {
  const others = [...known.keys()].filter(reaches);
  if (others.length > 0) return others;
  throw new ServiceError(
    'InternalServerError',
    'The request could not be processed: this Region reaches no other Region of the multi-Region strongly consistent table.',
    { status: 500 },
  );
}

/** Takes up writes of other members; returns those that are new here. */
export function takeUp(order: Order, writes: readonly ReplicatedWrite[]): readonly ReplicatedWrite[] {
  const fresh = writes.filter(({ version }) => version.sequence > order.position);
  order.log = [...order.log, ...fresh];
  order.position = fresh.at(-1)?.version.sequence ?? order.position;
  return fresh;
}

/** Remembers how far another member is, and forgets the writes that by now all have. */
export function learn(order: Order, region: string, position: number): void {
  const { known } = order;
  if (!known.has(region) || known.get(region)! >= position) return;
  known.set(region, position);
  const least = Math.min(...known.values());
  order.log = order.log.filter(({ version }) => version.sequence > least);
}

/** The members that lack something. */
export const behind = ({ known, position }: Order): string[] =>
  [...known].filter(([, reached]) => reached < position).map(([region]) => region);
