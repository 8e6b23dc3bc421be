/**
 * Losing regions and cutting links of a live cloud, over the wire and for the administrator only:
 *
 *     curl --aws-sigv4 aws:amz:eu-west-1:local --user test:test http://127.0.0.1:4566/_local/regions -d '{"lose":"eu-west-1"}'
 *
 * and likewise `{"restore":"eu-west-1"}`, `{"partition":["eu-west-1","eu-central-1"]}`, `{"partition":["eu-west-1"]}` for all its
 * links, `{"heal":true}`. The answer names the regions there are, which are lost, and the ways between the others that are cut,
 * each as from and to; `{}` only asks.
 */
import type { Cloud } from '../cloud.ts';
import type { LocalRoute } from '../wire/local.ts';

const VERBS = ['lose', 'restore', 'partition', 'heal'] as const;
const FORMS =
  '{"lose":region}, {"restore":region}, {"partition":[region, other]}, {"partition":[region]}, {"heal":true}';

export const regionsRoute = (cloud: Cloud): LocalRoute => ({
  path: '/_local/regions',
  answer: async (body) => {
    const wrong = carryOut(cloud, Object(body));
    if (wrong !== undefined) return { status: 400, body: { code: 'ValidationException', message: wrong } };
    return { status: 200, body: { regions: cloud.regions(), lost: [...cloud.links.lost], cut: cutIn(cloud) } };
  },
});

function cutIn({ links, regions }: Cloud): readonly (readonly [string, string])[] {
  const there = regions().filter((region) => !links.lost.has(region));
  const ways = there.flatMap((from) => there.map((to) => [from, to] as const));
  return ways.filter(([from, to]) => !links.reaches(from, to));
}

/** Does it, or says what is wrong with it. */
function carryOut({ links, regions }: Cloud, said: Readonly<Record<string, unknown>>): string | undefined {
  const words = Object.keys(said);
  if (words.length === 0) return undefined;
  const [verb] = words as [(typeof VERBS)[number]];
  if (words.length > 1 || !VERBS.includes(verb)) return `the body has ${words.join(', ')}; allowed is one of ${FORMS}`;
  if (verb === 'heal') {
    links.heal();
    return undefined;
  }
  const named = [said[verb]].flat() as string[];
  const most = verb === 'partition' ? 2 : 1;
  if (named.length < 1 || named.length > most) return `${verb} names ${named.length} regions; allowed is ${FORMS}`;
  const strange = named.filter((name) => !regions().includes(name));
  if (strange.length > 0)
    return `there is no region ${strange.join(', ')} in this cloud; it has ${regions().join(', ')}`;
  links[verb](...(named as [string]));
  return undefined;
}
