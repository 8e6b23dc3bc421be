/** The house rules, held by a test rather than by reviewers. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pipeline } from '../bin/domain.ts';
import { eventTypesOf } from '../lib/model/pipeline.ts';

const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === 'node_modules') return [];
    if (statSync(path).isDirectory()) return files(path);
    return /\.m?ts$/.test(name) ? [path] : [];
  });

const sources = ['bin', 'events', 'functions', 'lib', 'localcloud'].flatMap(files);
const tests = files('test');
const read = (path: string) => readFileSync(path, 'utf8');

/** What each part may import of ours. A file belongs to the longest prefix that fits. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'lib/model': ['lib/model'],
  'lib/runtime': ['lib/model', 'lib/runtime'],
  'lib/infra': ['lib/model', 'lib/infra'],
  'lib/operate': ['lib/model', 'lib/operate', 'lib/runtime'],
  'lib/proof': ['lib/model', 'lib/proof'],
  'lib/testing': ['lib/model', 'lib/testing'],
  events: ['lib/model', 'events'],
  functions: ['lib/model', 'lib/runtime', 'events', 'functions'],
  // It does what an operator does.
  'functions/failover': ['lib/operate', 'functions'],
  localcloud: ['localcloud'],
  bin: ['lib', 'events', 'functions', 'localcloud', 'bin', 'cdk.json'],
};

const importsOf = (path: string): string[] =>
  [...read(path).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, to]) => normalize(join(dirname(path), to!)));

const under = (path: string, prefix: string) => path === prefix || path.startsWith(`${prefix}/`);

describe('imports run one way', () => {
  it.each(Object.keys(mayImport))('%s', (part) => {
    const own = sources.filter(
      (path) =>
        under(path, part) && !Object.keys(mayImport).some((other) => other.length > part.length && under(path, other)),
    );
    expect(own.length).toBeGreaterThan(0);
    const wrong = own.flatMap((path) =>
      importsOf(path)
        .filter((to) => !mayImport[part]!.some((prefix) => under(to, prefix)))
        .map((to) => `${path} imports ${to}; allowed are ${mayImport[part]!.join(', ')}`),
    );
    expect(wrong).toEqual([]);
  });

  it('a stage is data: no SDK, no CDK', () => {
    const wrong = sources
      .filter((path) => path.endsWith('/stage.ts') && under(path, 'functions'))
      .filter((path) => /@aws-sdk|aws-cdk|lib\/runtime/.test(read(path)));
    expect(wrong).toEqual([]);
  });

  it('synthesis reads stages, never handlers', () => {
    expect(importsOf('functions/index.ts').filter((to) => to.includes('handler'))).toEqual([]);
  });
});

/** Time and chance come from one place in each world, and from nowhere else. */
const timeAndChance =
  /\b(Date\.now|Math\.random|randomUUID|randomBytes|performance\.now|setTimeout|setInterval)\b|new Date\(\)/;
const clocks = ['localcloud/world.ts', 'lib/runtime/clock.ts'];
/** The drivers are where the cloud meets the real world, or stands in for it. */
const drivers = ['localcloud/drive', 'localcloud/wire/http.ts', 'bin'];

it('time and chance come from one place', () => {
  const wrong = sources
    .filter((path) => !clocks.includes(path) && !drivers.some((prefix) => under(path, prefix)))
    .flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, index) => (timeAndChance.test(code(line)) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    );
  expect(wrong).toEqual([]);
});

it('the cores of the local cloud do no I/O', () => {
  const allowed = [
    'localcloud/drive',
    'localcloud/wire/http.ts',
    'localcloud/wire/plain.ts',
    'localcloud/stack/assembly.ts',
  ];
  const wrong = sources
    .filter((path) => under(path, 'localcloud') && !allowed.some((prefix) => under(path, prefix)))
    .filter((path) =>
      /from 'node:(fs|fs\/promises|http|https|child_process|worker_threads|vm|os|dgram)'/.test(read(path)),
    );
  expect(wrong).toEqual([]);
});

it('no test sleeps', () => {
  const wrong = tests
    .filter((path) => !under(path, 'test/bench') && path !== 'test/tidy.test.ts')
    // Programs that the drivers run: timers that fire, freeze and are cut off are what they are for.
    .filter((path) => !under(path, 'test/localcloud/drive/handlers'))
    // Against a real account there is no other way to let time pass.
    .filter((path) => path !== 'test/contract/contract.ts')
    .flatMap((path) => (/\bsetTimeout\(|timers\/promises/.test(read(path)) ? [path] : []));
  expect(wrong).toEqual([]);
});

/** Longer where cutting would hide the thought: each with its reason. */
const mayBeLong: Readonly<Record<string, string>> = {};

it('a file fits on a few screens', () => {
  const long = sources
    .map((path) => ({ path, lines: read(path).split('\n').length }))
    .filter(({ path, lines }) => lines > (mayBeLong[path] ? 400 : 300));
  expect(long).toEqual([]);
});

describe('the platform never names the domain', () => {
  const types = eventTypesOf(pipeline).map(({ type }) => type);
  const camelCase = (type: string) => type.replaceAll(/[.-](.)/g, (_, letter: string) => letter.toUpperCase());
  // A name of a single word, `send`, is everybody's.
  const stages = pipeline.stages.map(({ name }) => name).filter((name) => name.includes('-'));
  const words = [...stages, ...types, ...types.map(camelCase)];

  it('in its code', () => {
    const naming = new RegExp(`\\b(${words.map((word) => word.replaceAll('.', '\\.')).join('|')})\\b`, 'g');
    const wrong = sources
      .filter((path) => under(path, 'lib') || under(path, 'localcloud'))
      .flatMap((path) => {
        const text = read(path)
          .split('\n')
          .map((line) => code(line))
          .join('\n');
        return [...text.matchAll(naming)].map(([word]) => `${path} names ${word}`);
      });
    expect(wrong).toEqual([]);
  });

  it('and its tests do without it', () => {
    const wrong = tests
      .filter((path) => ['test/lib', 'test/localcloud', 'test/types'].some((prefix) => under(path, prefix)))
      .flatMap((path) =>
        importsOf(path)
          .filter((to) => ['events', 'functions', 'bin'].some((prefix) => under(to, prefix)))
          .map((to) => `${path} imports ${to}`),
      );
    expect(wrong).toEqual([]);
  });
});

it('every stage has the same shape', () => {
  const folders = readdirSync('functions').filter((name) => pipeline.stages.some((stage) => stage.name === name));
  expect(folders.sort()).toEqual(pipeline.stages.map(({ name }) => name).sort());
  for (const folder of folders) {
    expect(readdirSync(`functions/${folder}`), folder).toEqual(expect.arrayContaining(['handler.ts', 'stage.ts']));
  }
});

it('nothing names a registry, a machine or an unfinished thing', () => {
  // But for the home of Lambda's own user.
  const wrong = [...sources, ...tests.filter((path) => path !== 'test/tidy.test.ts')].flatMap((path) =>
    /registry\.npmjs|\/(root|home|work)\/(?!sbx_user)|\b(TODO|FIXME|XXX)\b/.test(read(path))
      ? [relative('.', path)]
      : [],
  );
  expect(wrong).toEqual([]);
});

/** A line without its comment, for rules about what code does. */
function code(line: string): string {
  const trimmed = line.trimStart();
  if (trimmed.startsWith('*') || trimmed.startsWith('/*') || trimmed.startsWith('//')) return '';
  return line.replace(/\s\/\/ .*$/, '');
}
