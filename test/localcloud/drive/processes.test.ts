/** What only a process can show: that it is one, and that it is gone afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { administrator } from '../../../localcloud/cloud.ts';
import { startLive } from '../../../localcloud/drive/live.ts';
import { lambda } from '../../../localcloud/lambda/index.ts';
import { sts } from '../../../localcloud/sts/index.ts';
import { bundle } from './bundle.ts';
import { stubLogs, stubMonitoring } from './stubs.ts';

async function started(settings: object = {}) {
  const logs = stubLogs();
  const services = [lambda, sts, logs.service, stubMonitoring];
  const live = await startLive({ port: 0, seed: 'processes', isolation: 'process', services });
  onTestFinished(() => live.stop());
  const call = (action: string, input: object) =>
    live.cloud.request({ service: 'lambda', region: 'eu-west-1', action, input, principal: administrator });
  await call('CreateFunction', {
    FunctionName: 'plain',
    Role: 'arn:aws:iam::123456789012:role/worker',
    Code: { LocalPath: await bundle('plain') },
    ...settings,
  });
  const invoke = async (event: object) => {
    const { Payload } = await call('Invoke', { FunctionName: 'plain', Payload: JSON.stringify(event) });
    return JSON.parse(Buffer.from(Payload).toString());
  };
  return { live, logs, invoke };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Resolves when there is no such process: the system tells nobody but its parent, so we ask. */
const gone = (pid: number) => vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000, interval: 20 });

test('a function is a process of its own, and the same one from invocation to invocation', async () => {
  const { invoke } = await started();
  const pid = await invoke({ do: 'pid' });
  expect(pid).not.toBe(process.pid);
  expect(isAlive(pid)).toBe(true);
  expect(await invoke({ do: 'pid' })).toBe(pid);
});

test('a function that loops for ever is killed when its time is up', async () => {
  const { invoke } = await started({ Timeout: 1 });
  const pid = await invoke({ do: 'pid' });
  expect((await invoke({ do: 'loop' })).errorMessage).toContain('Task timed out');
  await gone(pid);
});

test('a function that waits for what cannot come fails at once, and goes on', async () => {
  const { invoke } = await started({ Timeout: 20 });
  const pid = await invoke({ do: 'pid' });
  expect((await invoke({ do: 'wait for nothing' })).errorType).toBe('Runtime.NodeJsExit');
  expect(await invoke({ do: 'pid' })).toBe(pid);
});

test('what a native library prints is a line of the log too', async () => {
  const { invoke, logs } = await started();
  await invoke({ do: 'print past the runtime' });
  expect(logs.lines).toContain('a line of a native library');
});

test('a function that runs out of memory says so in its log, in the words of V8', async () => {
  const { invoke, logs } = await started({ Timeout: 20 });
  expect((await invoke({ do: 'fill' })).errorMessage).toContain('signal: killed');
  expect(logs.lines.join('\n')).toContain('JavaScript heap out of memory');
}, 60_000);

test('no process outlives the cloud', async () => {
  const { live, invoke } = await started();
  const pid = await invoke({ do: 'pid' });
  await live.stop();
  expect(isAlive(pid)).toBe(false);
});

test('no process outlives a cloud that was killed itself', async () => {
  const program = fileURLToPath(new URL('./cloud-to-kill.ts', import.meta.url));
  const cloud: ChildProcess = spawn(process.execPath, [program, await bundle('plain')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void cloud.kill('SIGKILL'));
  const [line] = await once(cloud.stdout!, 'data');
  const pids: number[] = JSON.parse(String(line));
  expect(pids.map(isAlive)).toEqual([true, true]);
  cloud.kill('SIGKILL');
  for (const pid of pids) await gone(pid);
});
