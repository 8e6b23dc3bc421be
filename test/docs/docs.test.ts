/** Docs and code list each other. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../bin/command.ts';
import { commands } from '../../bin/commands.ts';
import { formsOf, readWords } from '../../bin/words.ts';
import { alarmKinds, failoverAlarmKinds } from '../../lib/infra/alarm-kinds.ts';
import { invariants } from '../../lib/proof/index.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const markdown = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? markdown(path) : entry.name.endsWith('.md') ? [path] : [];
  });
const pages = [...markdown('docs'), 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];

it('every kind of alarm has its runbook, and every runbook its kind of alarm', () => {
  expect(readdirSync('docs/runbooks').sort()).toEqual(
    Object.keys({ ...alarmKinds, ...failoverAlarmKinds })
      .map((kind) => `${kind}.md`)
      .sort(),
  );
});

it('every runbook ends in the rehearsal of its alarm', () => {
  for (const kind of Object.keys(alarmKinds)) {
    const last = read(`docs/runbooks/${kind}.md`).trimEnd().split('\n\n').at(-1);
    expect(last?.startsWith(`Rehearse: \`npm run rehearse -- ${kind}\``), `${kind}: ${last}`).toBe(true);
  }
});

it('where the local cloud lacks what an alarm hangs on, its runbook names tests that exist', () => {
  for (const kind of Object.keys(failoverAlarmKinds)) {
    const last = read(`docs/runbooks/${kind}.md`).trimEnd().split('\n\n').at(-1)!;
    const [, file] = /^Rehearse: `npx vitest run ([^`]+)`/.exec(last) ?? [];
    expect(file && existsSync(file), `${kind}: ${last}`).toBe(true);
  }
});

it('every decision is in their list, and there is no other', () => {
  const listed = [...read('docs/decisions/README.md').matchAll(/\((\d{4}-[^)]+\.md)\)/g)].map(([, file]) => file);
  expect(listed).toEqual(
    readdirSync('docs/decisions')
      .filter((name) => name !== 'README.md')
      .sort(),
  );
});

it('the architecture page names every claim of the proof', () => {
  const page = read('docs/architecture.md').replaceAll(/\s+/g, ' ');
  for (const { claim } of invariants) expect(page).toContain(claim.split(',')[0]);
});

describe('every link leads somewhere', () => {
  it.each(pages)('%s', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to]) =>
      normalize(join(dirname(page), to!)),
    );
    expect(links.filter((to) => !existsSync(to))).toEqual([]);
  });
});

it('every command line in the docs is one that exists', () => {
  const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
  const commands = readdirSync('bin/commands').map((name) => name.replace('.ts', ''));
  for (const page of pages) {
    for (const [, script] of read(page).matchAll(/npm run ([a-z:]+)/g)) expect(scripts, page).toContain(script);
    for (const [, command] of read(page).matchAll(/npm run pipeline -- ([a-z]+)/g))
      expect(commands, page).toContain(command);
  }
});

describe('the transcripts of the operators’ guide', () => {
  const page = read('docs/guides/operate.md');
  const lines = [...page.matchAll(/^\$ ops (.+)$/gm)].map(([, line]) => line!);
  const wordsOf = (line: string) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  const typed = lines.map(wordsOf);
  const [, block = ''] = /Each of these ends with 2:\n\n```console\n(.*?)\n```\n/s.exec(page) ?? [];
  const refused = transcriptsOf(block);
  const accepted = lines.filter((line) => !refused.some(([one]) => one === line));
  /** Where nothing answers. Returns the exit code, and what was said. */
  const typing = async (line: string): Promise<readonly [number, string]> => {
    const said: string[] = [];
    const ways = ['log', 'error'] as const;
    const spies = ways.map((way) => vi.spyOn(console, way).mockImplementation((text) => void said.push(text)));
    const code = await runCommand(commands, [...wordsOf(line), '--endpoint', 'http://127.0.0.1:9']);
    for (const spy of spies) spy.mockRestore();
    return [code, said.join('\n')];
  };

  it.each(commands.map(({ name }) => name))('show %s, with each of its verbs', (name) => {
    const own = typed.filter(([first]) => first === name);
    expect(own).not.toEqual([]);
    const verbs = formsOf(commands.find((one) => one.name === name)!.usage).flatMap(({ verb }) => verb ?? []);
    for (const verb of verbs) expect(own.map(([, second]) => second)).toContain(verb);
  });

  it.each(accepted)('ops %s', (line) => {
    const [name, ...words] = wordsOf(line);
    const command = commands.find((one) => one.name === name)!;
    expect(() => readWords(command, words)).not.toThrow();
  });

  /** What was written by the line before, and what needs no cloud and takes its time. */
  const needsMore = /letter\.json|^drill/;

  it.each(accepted.filter((line) => !needsMore.test(line)))('ops %s: there is no mistake in it', async (line) => {
    const [code] = await typing(line);
    expect(code).not.toBe(2);
  });

  it('show refusals of many kinds', () => {
    expect(refused.length).toBeGreaterThan(30);
    expect(accepted.length).toBeGreaterThan(50);
  });

  it.each(refused)('ops %s: is refused in these very words', async (line, told) => {
    expect(await typing(line)).toEqual([2, told]);
  });
});

/** Command lines, and what they printed. */
function transcriptsOf(block: string): readonly (readonly [string, string])[] {
  const each = block.split(/^\$ ops /m).slice(1);
  return each.map((text) => {
    const [line, ...told] = text.trimEnd().split('\n');
    return [line!, told.join('\n')];
  });
}
