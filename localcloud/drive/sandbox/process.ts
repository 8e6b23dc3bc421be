/** `process` as a function sees it on Lambda: its own variables, its own output, and nothing of this machine. */
import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import { lineWriter } from '../printing.ts';
import type { Start } from '../runtime.ts';
import { createHrtime } from './clock.ts';
import { Halt, type Lane } from './lane.ts';

export interface ProcessOptions {
  readonly start: Start;
  readonly lane: Lane;
  readonly line: (message: string) => void;
  /** The function has ended its process. */
  readonly onExit: (code: number) => void;
}

export function createProcess({ start, lane, line, onExit }: ProcessOptions): object {
  const began = lane.now();
  const memory = { rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 };
  const exit = (code: unknown): never => {
    onExit(Number(code ?? 0));
    throw new Halt('process.exit');
  };
  const output = (fd: number) =>
    Object.assign(new Writable({ write: writing(lineWriter(line)), decodeStrings: false }), { fd, isTTY: false });
  return Object.assign(new EventEmitter(), {
    env: { ...start.variables },
    argv: ['/var/lang/bin/node', '/var/runtime/index.mjs'],
    argv0: '/var/lang/bin/node',
    execArgv: [],
    execPath: '/var/lang/bin/node',
    exitCode: undefined,
    pid: 8,
    ppid: 1,
    platform: 'linux',
    arch: 'arm64',
    title: 'node',
    version: process.version,
    versions: process.versions,
    release: process.release,
    config: process.config,
    features: process.features,
    cwd: () => start.code,
    umask: () => 0o022,
    exit,
    abort: () => exit(134),
    kill: () => exit(137),
    stdout: output(1),
    stderr: output(2),
    nextTick: (run: (...values: unknown[]) => void, ...values: unknown[]) =>
      process.nextTick(() => lane.guard(() => run(...values))),
    hrtime: createHrtime(lane.now),
    uptime: () => (lane.now() - began) / 1000,
    memoryUsage: Object.assign(() => memory, { rss: () => 0 }),
    cpuUsage: () => ({ user: 0, system: 0 }),
    resourceUsage: () => ({}),
    availableMemory: () => start.memoryMb * 2 ** 20,
    constrainedMemory: () => start.memoryMb * 2 ** 20,
    emitWarning: (warning: unknown) => line(`(node:8) Warning: ${warning}`),
    getuid: () => 993,
    getgid: () => 990,
    getBuiltinModule: () => undefined,
  });
}

const writing =
  (write: (chunk: unknown) => void) =>
  (chunk: unknown, _encoding: string, done: () => void): void => {
    write(chunk);
    done();
  };
