/** The operators' command line: a mistake in the words is told, with what is allowed, before anything is asked of any cloud. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { type Command, few, lineFor, runCommand } from '../../bin/command.ts';
import { auditCommand } from '../../bin/commands/audit.ts';
import { automaticCommand } from '../../bin/commands/automatic.ts';
import { configCommand } from '../../bin/commands/config.ts';
import { dlqCommand } from '../../bin/commands/dlq.ts';
import { drillCommand } from '../../bin/commands/drill.ts';
import { failbackCommand, failoverCommand } from '../../bin/commands/failover.ts';
import { invokeCommand } from '../../bin/commands/invoke.ts';
import { parkCommand } from '../../bin/commands/park.ts';
import { pauseCommand, resumeCommand } from '../../bin/commands/pause.ts';
import { quarantineCommand } from '../../bin/commands/quarantine.ts';
import { regionsCommand } from '../../bin/commands/regions.ts';
import { replayCommand } from '../../bin/commands/replay.ts';
import { sendCommand } from '../../bin/commands/send.ts';
import { statusCommand } from '../../bin/commands/status.ts';
import { traceCommand } from '../../bin/commands/trace.ts';
import { pipeline, sample } from '../../bin/domain.ts';
import { RefusedError } from '../../lib/operate/target.ts';

const aStage = pipeline.stages[0]!.name;

const commands: readonly Command[] = [
  ...[auditCommand, configCommand, dlqCommand, parkCommand, pauseCommand, quarantineCommand, replayCommand],
  ...[resumeCommand, statusCommand, traceCommand, invokeCommand, failoverCommand, regionsCommand, drillCommand],
  ...[automaticCommand, failbackCommand, sendCommand],
];

let said: string[];
beforeEach(() => {
  said = [];
  for (const way of ['log', 'error'] as const)
    vi.spyOn(console, way).mockImplementation((line) => void said.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Port 9 is discard: whatever reached for the cloud would end with 1. */
const run = (words: string) => runCommand(commands, [...words.split(' '), '--endpoint', 'http://127.0.0.1:9']);

it.each([
  ['dlq redrive --note x', 'say which: a stage, --event'],
  ['dlq redrive --all', 'say why with --note'],
  ['dlq discard --event 1', 'say why with --note'],
  ['dlq redrive --all --reason schema --note x', 'exclude each other'],
  ['dlq redrive --all --note x --rate fast', '--rate is fast; allowed are numbers from 0.01'],
  ['dlq redrive --all --note x --max 0', '--max is 0; allowed are whole numbers from 1'],
  ['dlq discard --all --note x --rate 1', '--rate is for redrive only'],
  ['dlq list --older-than soon', '--older-than is soon; allowed are durations such as 30s'],
  ['dlq list --reason bored', '--reason is bored; allowed are schema'],
  ['dlq list no-such-stage', 'there is no stage no-such-stage; stages are'],
  ['dlq show', 'name one: dlq show <event id or message id>'],
  ['dlq release --all --note x', 'allowed are list [stage], show <event>, redrive [stage]'],
  ['quarantine redrive --all --note x', 'allowed are list [stage], show <event>, release [stage]'],
  [`park skip ${aStage} an-entity`, 'say why with --note'],
  [`park release ${aStage} an-entity`, 'say why with --note'],
  [`park release ${aStage}`, 'park release: allowed are list [stage], release <stage> <entity>'],
  ['park skip no-such-stage an-entity --note x', 'there is no stage no-such-stage'],
  ['park list --dry-run', '--dry-run is for release and skip only, not for park list'],
  ['dlq list --max 3', '--max is for redrive and discard only, not for dlq list'],
  ['dlq', 'dlq: allowed are list [stage]'],
  ['dlq list --entity --json', '--entity takes a value, and what follows it is --json'],
  ['dlq redrive --entity a --entity b --note x', '--entity is said twice; say it once'],
  ['dlq discard --entity= --note x', '--entity is empty; give it a value, or leave it out'],
  ['status --watch=3', '--watch takes no value'],
  ['status -w', 'there is no option -w of status'],
  ['status --region mars', '--region is mars; allowed are names of regions such as eu-west-1'],
  ['status --aws', '--aws and --endpoint exclude each other'],
  ['regions mars', 'the region is mars; allowed are names of regions such as eu-west-1'],
  [`config set ${aStage} log.level=WARN log.level=INFO --note x`, 'log.level is said twice; say it once'],
  ['automatic', 'automatic: allowed are show, arm and disarm'],
  ['automatic arm', 'say why with --note'],
  ['automatic show --note x', '--note is for arm and disarm only'],
  ['send', 'give either a file of events or --sample <n>'],
  ['send no-such-file.json', 'there is no file no-such-file.json'],
  ['send bin', 'bin is a folder; name a file in it'],
  ['send README.md', 'README.md is not JSON'],
  ['send --sample 0', '--sample is 0; allowed are whole numbers from 1 to 10000'],
  ['failback --since soon --dry-run', '--since is soon; allowed are times such as'],
  ['pause', 'name a stage: pause <stage>'],
  [`pause ${aStage}`, 'say why with --note'],
  [`resume ${aStage}`, 'say why with --note'],
  ['failback', 'failback changes things: say why with --note'],
  ['failover --to eu-central-1', 'failover changes things: say why with --note'],
  ['resume no-such-stage --note x', 'there is no stage no-such-stage'],
  ['config', 'allowed are show [stage], set <stage>'],
  ['config set', 'allowed are show [stage], set <stage>'],
  ['config set no-such-stage log.level=WARN --note x', 'there is no stage no-such-stage'],
  [`config set ${aStage} --note x`, 'name what to set'],
  [`config set ${aStage} log.level --note x`, 'log.level sets nothing; say <setting>=<value>'],
  [`config set ${aStage} log.level=WARN`, 'say why with --note'],
  [`config reset ${aStage}`, 'say why with --note'],
  ['replay events.json', 'there is no place for events.json in: replay --from <time>'],
  ['replay --file no-such-file.json --note x', 'there is no file no-such-file.json'],
  ['status now', 'there is no place for now in: status'],
  ['dlq list a-stage another', 'there is no place for another in: dlq list [stage]'],
  ['trace an-entity another', 'there is no place for another in: trace <correlation id, event id or entity>'],
  ['invoke no-such-function', 'there is no function no-such-function; functions are'],
  ['failover --to mars --note x', '--to is mars; allowed are eu-west-1 and eu-central-1'],
  ['failover now', 'there is no place for now in: failover --to <region>'],
  ['regions a b c', 'there is no place for c in: regions [region] [region]'],
  ['drill --size none', '--size is none; allowed are whole numbers from 1'],
  ['replay', 'give either --from <time> or --file'],
  ['replay --from 1h', 'say why with --note'],
  ['replay --from yesterday --note x', '--from is yesterday; allowed are times such as'],
  ['replay --from 1h --entity a --note x', 'it does not know of entities'],
  ['audit show', 'allowed is list'],
  ['trace', 'name what to trace'],
  ['status --wach', 'there is no option --wach of status; options are --watch, --local'],
])('%s: that is a mistake', async (words, told) => {
  expect(await run(words)).toBe(2);
  expect(said.join('\n')).toContain(told);
});

it.each(commands.map((command) => [command.name, command] as const))('%s has help', async (name, command) => {
  expect(await runCommand(commands, [name, '--help'])).toBe(0);
  for (const option of Object.keys(command.options ?? {})) expect(said.join('\n')).toContain(`--${option} `);
});

it('where nothing answers it was not done', async () => {
  expect(await run('dlq list')).toBe(1);
  expect(said.join('\n')).toContain('nothing answers at http://127.0.0.1:9; start the local cloud');
});

it.each([
  ['--json', 'the command comes first, and then --json; commands are audit'],
  ['redrive', 'there is no command redrive; commands are audit'],
  ['status --endpoint localhost', '--endpoint is localhost; allowed are URLs such as http://127.0.0.1:4566'],
  ['status --endpoint ftp://localhost', '--endpoint is ftp://localhost; allowed are URLs'],
  ['status --endpoint=', '--endpoint is empty'],
  ['dlq list --entity', '--entity takes a value, and none follows it'],
])('%s: that is a mistake before all others', async (words, told) => {
  expect(await runCommand(commands, words.split(' '))).toBe(2);
  expect(said.join('\n')).toContain(told);
});

it.each([
  ['automatic disarm --dry-run', 'would be disarmed: eu-west-1, eu-central-1'],
  ['send --sample 3 --dry-run', `${sample(3).length} would be accepted, 0 refused`],
])('%s asks no cloud for anything', async (words, told) => {
  expect(await run(words)).toBe(0);
  expect(said).toEqual([told]);
});

it.each([
  ['<html>hello</html>', 200],
  ['not found', 404],
  ['', 405],
])('where %j answers with %i, that is no AWS endpoint', async (body, status) => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end(body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await runCommand(commands, ['status', '--endpoint', endpoint])).toBe(1);
  expect(said).toEqual([
    `what answers at ${endpoint} is no AWS endpoint; start the local cloud with \`npm start\`, or give its --endpoint, or --aws`,
  ]);
});

it('help may come first', async () => {
  expect(await runCommand(commands, ['help', 'dlq'])).toBe(0);
  expect(said.join('\n')).toContain('dlq list [stage] | show <event>');
});

it('what cannot be done as things are is told in a line, and is no mistake in the words', async () => {
  const refusing = (error: Error): Command => ({
    name: 'refuse',
    summary: '',
    usage: '',
    run: () => Promise.reject(error),
  });
  const tell = async (error: Error) => {
    expect(await runCommand([refusing(error)], ['refuse'])).toBe(1);
    return said.at(-1);
  };
  expect(await tell(new RefusedError('nothing waits'))).toBe('nothing waits');
  expect(await tell(Object.assign(new Error('no chain'), { name: 'CredentialsProviderError' }))).toContain(
    'there are no credentials for AWS (no chain); sign in',
  );
  const missing = Object.assign(new Error('no table'), { name: 'ResourceNotFoundException', $metadata: {} });
  expect(await tell(missing)).toBe(
    `ResourceNotFoundException: no table; is ${pipeline.name}-dev deployed in eu-west-1?`,
  );
});

it('a line that is given to copy reaches the cloud that it speaks of', async () => {
  expect(lineFor('dlq list', 'http://127.0.0.1:4566')).toBe('npm run pipeline -- dlq list');
  const elsewhere = lineFor('status', 'http://127.0.0.1:9').replace('npm run pipeline -- ', '').split(' ');
  expect(await runCommand(commands, elsewhere)).toBe(1);
  expect(said.join('\n')).toContain('nothing answers at http://127.0.0.1:9');
});

it('of a long list people are shown the first, and told how many more there are', () => {
  expect(few(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c, d, e');
  expect(few(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('a, b, c, d, e and 2 more (--json has all)');
});
