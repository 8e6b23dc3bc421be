/** `require` in a sandbox: Node's harmless modules as they are, those with time, chance or the world in them replaced, the rest refused. */
import { createRequire, isBuiltin } from 'node:module';
import { createCompression } from './compression.ts';
import { consoleModule } from './console.ts';
import { refused, refusedModule } from './refusals.ts';

/** Modules that compute and do nothing else; the streams among them move by `nextTick` alone. */
const HARMLESS = [
  'assert',
  'assert/strict',
  'async_hooks',
  'buffer',
  'constants',
  'diagnostics_channel',
  'events',
  'path',
  'path/posix',
  'punycode',
  'querystring',
  'stream',
  'stream/consumers',
  'stream/promises',
  'stream/web',
  'string_decoder',
  'sys',
  'url',
  'util',
  'util/types',
];

const real = createRequire(import.meta.url);

/** Whether a module of Node's is given to sandboxes as it is. */
export const isHarmless = (name: string): boolean => HARMLESS.includes(name.replace(/^node:/, ''));

/** What replaces the modules that are not harmless. Large ones are made when they are asked for, which most are not. */
export interface Replacements {
  readonly console: object;
  readonly process: object;
  readonly crypto: () => object;
  readonly timers: object;
  readonly timersPromises: object;
  readonly performance: object;
  readonly files: () => { readonly module: object; readonly promises: object };
  readonly transport: () => { readonly http: object; readonly https: object };
  readonly later: (run: () => void) => void;
}

export function createModules(own: Replacements): (name: string) => unknown {
  const require = (name: string): unknown => {
    const plain = name.replace(/^node:/, '');
    const known = replaced[plain];
    if (known) return known();
    if (HARMLESS.includes(plain)) return real(`node:${plain}`);
    if (isBuiltin(name))
      return refusedModule(`node:${plain}`, real(`node:${plain}`), 'it would reach out of the simulation');
    throw Object.assign(
      new Error(
        `Cannot find module '${name}': the virtual cloud loads a bundle of one file, which may require Node's modules only`,
      ),
      { code: 'MODULE_NOT_FOUND' },
    );
  };
  const replaced: Readonly<Record<string, () => unknown>> = {
    console: () => consoleModule(own.console),
    process: () => own.process,
    crypto: own.crypto,
    timers: () => own.timers,
    'timers/promises': () => own.timersPromises,
    perf_hooks: () => ({
      performance: own.performance,
      PerformanceObserver: refused('PerformanceObserver', 'nothing takes time'),
    }),
    fs: () => own.files().module,
    'fs/promises': () => own.files().promises,
    http: () => own.transport().http,
    https: () => own.transport().https,
    os: () => operatingSystem,
    zlib: () => createCompression(own.later),
    module: () => ({ createRequire: () => require, builtinModules: HARMLESS, isBuiltin }),
    tty: () => ({ isatty: () => false }),
  };
  return require;
}

const operatingSystem = {
  EOL: '\n',
  arch: () => 'arm64',
  availableParallelism: () => 2,
  cpus: () => [],
  endianness: () => 'LE',
  freemem: () => 0,
  homedir: () => '/tmp',
  hostname: () => '169.254.1.1',
  loadavg: () => [0, 0, 0],
  machine: () => 'aarch64',
  networkInterfaces: () => ({}),
  platform: () => 'linux',
  release: () => '6.1.0',
  tmpdir: () => '/tmp',
  totalmem: () => 0,
  type: () => 'Linux',
  uptime: () => 0,
  userInfo: () => ({ username: 'sbx_user1051', uid: 993, gid: 990, shell: null, homedir: '/tmp' }),
  version: () => '',
  constants: { signals: {}, errno: {} },
};
