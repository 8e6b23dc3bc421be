/** What `dlq` and `quarantine` share: letters are listed, shown, sent back and discarded in the same words. */
import { noted } from '../../lib/operate/audit.ts';
import { whereActive } from '../../lib/operate/authority.ts';
import { byEvent } from '../../lib/operate/by-event.ts';
import { deployedOf, mustBeThere, tellMissing } from '../../lib/operate/deployed.ts';
import { inHandsOf } from '../../lib/operate/depths.ts';
import { discard } from '../../lib/operate/discard.ts';
import { type Box, boxesOf, look } from '../../lib/operate/letters.ts';
import { inOrder } from '../../lib/operate/order.ts';
import { type Redriven, redrive } from '../../lib/operate/redrive.ts';
import { isEmpty, reasonKnown, type Selection } from '../../lib/operate/selection.ts';
import { stageKnown, UsageError } from '../../lib/operate/target.ts';
import { durationOf } from '../../lib/operate/time.ts';
import { type Command, type Input, progress } from '../command.ts';
import { numberOf } from '../words.ts';
import {
  discardToJson,
  expiring,
  listed,
  nothing,
  plain,
  rows,
  tellDiscard,
  tellRedrive,
  toJson,
  whole,
} from './letters-text.ts';

interface Letters {
  readonly name: 'dlq' | 'quarantine';
  readonly kind: 'dead-letters' | 'quarantine';
  /** What sending back is called. */
  readonly back: 'redrive' | 'release';
  readonly summary: string;
}

/** Makes a command for one kind of letters. */
export const letterCommand = (of: Letters): Command => ({
  name: of.name,
  summary: of.summary,
  usage: `list [stage] | show <event> | ${of.back} [stage] | discard [stage]`,
  options: {
    reason: { help: 'only those given up for this reason' },
    entity: { help: 'only those of this entity' },
    event: { help: 'only this event, by its id or its message’s' },
    'older-than': { help: 'only those that lie there for longer: 30s, 10m, 2h, 3d' },
    'newer-than': { help: 'only those that do not lie there for so long' },
    all: { help: 'everything, where nothing else is said', flag: true, verbs: [of.back, 'discard'] },
    note: { help: 'why; kept in the audit trail', verbs: [of.back, 'discard'] },
    rate: { help: 'so many in a second at most', verbs: [of.back] },
    max: { help: 'so many at most', verbs: [of.back, 'discard'] },
    'dry-run': { help: 'say what would be done, and change nothing', flag: true, verbs: [of.back, 'discard'] },
  },
  run(input) {
    const [verb, word] = input.positionals;
    if (verb === 'list') return list(input, of, selectionOf(input, word));
    if (verb === 'show') return show(input, of, word);
    if (verb === of.back) return back(input, of, chosen(input, of, word));
    if (verb === 'discard') return discarding(input, of, chosen(input, of, word));
    throw new UsageError(
      `${[of.name, verb].join(' ').trim()}: allowed are list [stage], show <event>, ${of.back} [stage] and discard [stage]`,
    );
  },
});

function selectionOf({ options, target }: Input, stage: string | undefined): Selection {
  const text = (name: string) => options[name] as string | undefined;
  const duration = (name: string) => (text(name) === undefined ? undefined : durationOf(name, text(name)!));
  return {
    stage: stage === undefined ? undefined : stageKnown(target, stage),
    reason: text('reason') === undefined ? undefined : reasonKnown(text('reason')!),
    entity: text('entity'),
    event: text('event'),
    olderThan: duration('older-than'),
    newerThan: duration('newer-than'),
  };
}

/** What changes things must be told which, and not by leaving something out. */
function chosen(input: Input, { name }: Letters, stage: string | undefined): Selection {
  const selection = selectionOf(input, stage);
  const verb = input.positionals[0];
  if (input.options.all && !isEmpty(selection))
    throw new UsageError('--all and a selection exclude each other; leave out one of them');
  if (!input.options.all && isEmpty(selection)) {
    throw new UsageError(
      `${name} ${verb}: say which: a stage, --event, --entity, --reason, --older-than, --newer-than; or --all`,
    );
  }
  if (!input.options['dry-run']) noted({ what: `${name} ${verb}`, note: input.options.note as string | undefined });
  return selection;
}

const boxes = ({ target }: Input, { kind }: Letters, { stage }: Selection) => boxesOf(target, kind, stage);

const queuesOf = (all: readonly Box[]): readonly string[] => all.map(({ queue }) => queue);

/** Where one looks: of all stages, in those that are deployed there. The others are told of on standard error, so that JSON stays a list. */
async function boxesThere(input: Input, of: Letters, selection: Selection): Promise<readonly Box[]> {
  if (of.kind === 'quarantine' || selection.stage !== undefined) {
    const named = boxes(input, of, selection);
    await mustBeThere(input.target, named);
    return named;
  }
  const { target, missing } = await deployedOf(input.target);
  if (missing.length > 0) console.error(tellMissing(target.region, missing));
  return boxesOf(target, of.kind);
}

async function list(input: Input, of: Letters, selection: Selection): Promise<number> {
  const there = await boxesThere(input, of, selection);
  const hidden = await inHandsOf(input.target, queuesOf(there));
  const letters = byEvent(inOrder(await look(input.target, there, { selection })));
  if (input.json) {
    console.log(JSON.stringify(letters.map(listed), null, 2));
    if (letters.length === 0 && hidden > 0) console.error(nothing(selection, hidden));
  } else
    console.log(
      letters.length === 0
        ? `${nothing(selection, hidden)}${of.kind === 'quarantine' ? '' : '; see also: quarantine list'}`
        : [rows(letters), ...expiring(letters, input.target.trail.now())].join('\n'),
    );
  return 0;
}

async function show(input: Input, of: Letters, word: string | undefined): Promise<number> {
  const named = selectionOf(input, undefined);
  const selection = word === undefined ? named : { ...named, event: word };
  if (isEmpty(selection))
    throw new UsageError(`name one: ${of.name} show <event id or message id>, or --entity, --reason …`);
  const there = await boxesThere(input, of, {});
  const hidden = await inHandsOf(input.target, queuesOf(there));
  const letters = await look(input.target, there, { selection });
  if (input.json) console.log(JSON.stringify(letters.map(plain), null, 2));
  if (letters.length === 0) console.error(`${nothing(selection, hidden)}; see: ${of.name} list`);
  else if (!input.json) console.log(letters.map(whole).join('\n\n'));
  return letters.length === 0 ? 1 : 0;
}

async function back(input: Input, of: Letters, selection: Selection): Promise<number> {
  const { target, options, json } = input;
  const dryRun = options['dry-run'] === true;
  const rate = numberOf(options, 'rate', { least: 0.01, whole: false });
  const max = numberOf(options, 'max', { least: 1 });
  const to = await whereActive(target);
  const from = boxes(input, of, selection);
  await mustBeThere(target, from);
  const hidden = await inHandsOf(target, queuesOf(from));
  const done = await redrive(target, from, {
    to,
    what: `${of.name} ${of.back}`,
    selection,
    dryRun,
    note: options.note as string | undefined,
    rate,
    max,
    ...(dryRun ? {} : { signal: input.untilInterrupted() }),
    onProgress: (sent) => progress(json, `${sent} sent back`),
  });
  progress(json, '');
  if (json) console.log(JSON.stringify(toJson(done, dryRun), null, 2));
  else tellRedrive(done, { dryRun, selection, hidden, from: target.region });
  if (done.brokenOff) throw done.brokenOff;
  return codeOf(done, { found: done.sent.length, selection });
}

/** 1 where something failed, was cut short, or was named and is not there. */
const codeOf = (
  { failed, interrupted }: Pick<Redriven, 'failed' | 'interrupted'>,
  { found, selection }: { found: number; selection: Selection },
): number => (failed.length > 0 || interrupted || (isNamed(selection) && found === 0) ? 1 : 0);

const isNamed = ({ event, entity }: Selection): boolean => event !== undefined || entity !== undefined;

async function discarding(input: Input, of: Letters, selection: Selection): Promise<number> {
  const { target, options, json } = input;
  const dryRun = options['dry-run'] === true;
  const max = numberOf(options, 'max', { least: 1 });
  const to = await whereActive(target);
  const from = boxes(input, of, selection);
  await mustBeThere(target, from);
  const hidden = await inHandsOf(target, queuesOf(from));
  const done = await discard(target, from, {
    to,
    what: `${of.name} discard`,
    selection,
    dryRun,
    note: options.note as string | undefined,
    max,
    ...(dryRun ? {} : { signal: input.untilInterrupted() }),
  });
  if (json) console.log(JSON.stringify(discardToJson(done, dryRun), null, 2));
  else tellDiscard(done, { dryRun, selection, hidden });
  if (done.brokenOff) throw done.brokenOff;
  return codeOf(done, { found: done.discarded.length, selection });
}
