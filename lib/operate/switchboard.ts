/** What is switched on in a region: the rules that fill its inboxes, and what feeds its functions. */
import {
  DisableRuleCommand,
  EnableRuleCommand,
  type EventBridgeClient,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge';
import { names } from '../model/names.ts';
import { otherVersion } from './deployed.ts';
import { mappingsOf, type Switched, turnOne } from './pause.ts';
import { RefusedError, type Target } from './target.ts';

export interface Switches {
  /** Of the stages' rules, those that are on. */
  readonly rules: readonly string[];
  /** Of the queues, those that are read. */
  readonly sources: readonly string[];
  /** How many there are of each. */
  readonly all: { readonly rules: number; readonly sources: number };
}

/** @throws RefusedError when the pipeline is not deployed in the region, or not with all of these stages */
export async function switchesIn(target: Target): Promise<Switches> {
  const rules = await rulesIn(target);
  const mappings = await allMappings(target);
  const on = mappings.filter(({ State = '' }) => ['Enabled', 'Enabling'].includes(State));
  return {
    rules: rules.filter(({ State }) => State === 'ENABLED').map(({ Name }) => Name!),
    sources: on.map(({ EventSourceArn = '' }) => EventSourceArn.split(':').at(-1)!),
    all: { rules: rules.length, sources: mappings.length },
  };
}

async function rulesIn(target: Target) {
  const { events, deployment, pipeline, region } = target;
  const stages = pipeline.stages.map(({ name }) => name);
  const wanted = stages.map((name) => names.rule(deployment, name));
  const found = await listRules(events, names.bus(deployment));
  const missing = stages.filter((_, index) => !found.some(({ Name }) => Name === wanted[index]));
  if (missing.length === 0) return found.filter(({ Name }) => wanted.includes(Name!));
  if (missing.length < stages.length) throw otherVersion(target, missing);
  throw new RefusedError(`there is no rule ${wanted[0]} in ${region}; is ${names.base(deployment)} deployed there?`);
}

async function listRules(events: EventBridgeClient, EventBusName: string) {
  const found = [];
  let NextToken: string | undefined;
  do {
    const page = await events
      .send(new ListRulesCommand({ EventBusName, ...(NextToken === undefined ? {} : { NextToken }) }))
      .catch((error: Error) => {
        if (error.name !== 'ResourceNotFoundException') throw error;
        return { Rules: [], NextToken: undefined };
      });
    found.push(...(page.Rules ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

/** @param except stages without what feeds them; their inboxes are among the rest */
async function allMappings(target: Target, except: readonly string[] = []) {
  const each = await Promise.all(target.pipeline.stages.map(({ name }) => mappingsOf(target, name)));
  return each.flatMap(({ stage, intake }, index) =>
    except.includes(target.pipeline.stages[index]!.name) ? [intake] : [stage, intake],
  );
}

/** Switches the rules of all stages. One that is as it should be is left alone. */
export async function switchRules(target: Target, enabled: boolean): Promise<void> {
  const EventBusName = names.bus(target.deployment);
  for (const { Name, State } of await rulesIn(target)) {
    if ((State === 'ENABLED') === enabled) continue;
    const command = enabled ? EnableRuleCommand : DisableRuleCommand;
    await target.events.send(new command({ Name, EventBusName }));
  }
}

/** Switches what feeds the stages and the sequencer, but for stages that are to stay as they are, and waits until it is so. */
export async function switchSources(
  target: Target,
  enabled: boolean,
  waiting: { readonly signal?: AbortSignal | undefined; readonly wait?: (milliseconds: number) => Promise<void> },
  except: readonly string[] = [],
): Promise<readonly Switched[]> {
  const mappings = await allMappings(target, except);
  return Promise.all(mappings.map((mapping) => turnOne(target, mapping, { ...waiting, note: undefined, enabled })));
}
