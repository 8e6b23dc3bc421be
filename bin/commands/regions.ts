import { tellMissing } from '../../lib/operate/deployed.ts';
import { type RegionStatus, regions } from '../../lib/operate/regions.ts';
import { regionNamed } from '../../lib/operate/target.ts';
import { type Command, type Input, table } from '../command.ts';
import { configured } from './configured.ts';

export const regionsCommand: Command = {
  name: 'regions',
  summary: 'who may commit, what is on in each region, and how far the other is behind',
  usage: '[region] [region]',
  async run({ target, positionals, json }: Input) {
    const config = await configured(target.deployment);
    const all = config === undefined ? [target.region] : [config.regions.active, config.regions.standby];
    for (const region of positionals) regionNamed('the region', region);
    const found = await regions(target, positionals.length > 0 ? positionals : all);
    console.log(json ? JSON.stringify(found, null, 2) : inWords(found));
    return found.every(({ reachable }) => reachable) ? 0 : 1;
  },
};

const inWords = (found: readonly RegionStatus[]): string => {
  const rows = found.map(({ region, reachable, switches, authority, lag }): readonly string[] => [
    region,
    reachable
      ? authority === undefined
        ? 'nobody yet'
        : `${authority.region}, epoch ${authority.epoch}`
      : 'no answer',
    switches ? `${switches.rules.length} of ${switches.all.rules}` : '',
    switches ? `${switches.sources.length} of ${switches.all.sources}` : '',
    lag === undefined ? '' : `${Math.round(lag)} ms`,
  ]);
  const held = found.find(({ authority }) => authority !== undefined);
  return [
    table([['region', 'may commit', 'rules on', 'sources on', 'writes reach the other after'], ...rows]),
    ...(held ? ['', leaseInWords(held)] : []),
    ...found.flatMap(({ region, missing }) => (missing.length > 0 ? [tellMissing(region, missing)] : [])),
  ].join('\n');
};

function leaseInWords({ authority, now }: RegionStatus): string {
  const { region, from, until, before, stopped } = authority!;
  if (stopped !== undefined) {
    const at = new Date(stopped).toISOString();
    return `${region} was being switched off at ${at}, for a hand-over that has not been taken: repeat that, or call it off with: failover --to ${region}`;
  }
  const since = before === undefined ? 'from the beginning' : `after ${before}`;
  if (now! < from) return `${region} may commit from ${new Date(from).toISOString()} on, ${since}`;
  if (until === undefined) return `${region} may commit, ${since}, until it is handed over by: failover`;
  const left = Math.round((until - now!) / 1000);
  return left > 0
    ? `${region} may commit, ${since}, for ${left} s; whatever runs there renews it`
    : `${region} has the authority, ${since}; it has run out, since nothing runs there, and is renewed by the next event`;
}
