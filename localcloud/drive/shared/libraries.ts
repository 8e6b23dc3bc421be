/** The libraries of bundles, loaded once in this process for all sandboxes. */
import { compileFunction } from 'node:vm';
import { isDirect } from '../../wire/direct.ts';
import { createDate } from '../sandbox/clock.ts';
import type { Lane } from '../sandbox/lane.ts';
import { isHarmless } from '../sandbox/modules.ts';
import { createScene, type Scene } from '../sandbox/scene.ts';
import { currentScene, dispatching } from './dispatch.ts';
import { WIRE } from './form.ts';

/** Libraries by the names under which functions import them, as namespaces of ES modules. */
export type Libraries = Readonly<Record<string, object>>;

/** By their text: assemblies that hold the same libraries share them. */
const loaded = new Map<string, Libraries>();

/** Evaluates the libraries, unless they have been. @throws Error when one asks for time or chance while it loads */
export function loadLibraries(path: string, text: string): Libraries {
  const known = loaded.get(text);
  if (known) return known;
  const loading = loadingScene();
  const module = { exports: {} as { readonly libraries: Libraries } };
  const given: Record<string, unknown> = {
    ...dispatchingGlobals(loading),
    module,
    exports: module.exports,
    require: dispatchingRequire(loading),
    __filename: path,
    __dirname: loading.globals.process.cwd(),
  };
  const evaluate = compileFunction(text, Object.keys(given), { filename: path });
  evaluate.apply(module.exports, Object.values(given) as []);
  loaded.set(text, module.exports.libraries);
  return module.exports.libraries;
}

function dispatchingRequire(loading: Scene): (name: string) => unknown {
  const wire = {
    /** Where the cloud is. */
    endpoint: () => sceneNow().endpoint,
    send: (...given: Parameters<Scene['send']>) => sceneNow().send(...given),
    ask: (...given: Parameters<Scene['ask']>) => sceneNow().ask(...given),
    isDirect,
  };
  return (name) => {
    if (name === WIRE) return wire;
    return isHarmless(name) ? loading.require(name) : dispatching((scene) => scene.require(name), loading);
  };
}

function sceneNow(): Scene {
  const scene = currentScene();
  if (scene) return scene;
  throw new Error('a shared library was used by nobody: outside of every invocation and cold start');
}

/** What every sandbox has of its own. The others of its globals are the same for all. */
const OWN = ['process', 'crypto', 'performance', 'console', 'queueMicrotask', 'AbortSignal', 'globalThis', 'global'];

function dispatchingGlobals(loading: Scene): Record<string, unknown> {
  const globals: Record<string, unknown> = { ...loading.globals };
  const timers = Object.keys(globals).filter((name) => /^(set|clear)[A-Z]/.test(name));
  for (const name of [...OWN, ...timers]) globals[name] = dispatching((scene) => scene.globals[name], loading);
  const here = () => currentScene() ?? loading;
  globals.Date = createDate(() => here().globals.Date.now());
  globals.Math = Object.create(loading.globals.Math, { random: { value: () => here().globals.Math.random() } });
  return globals;
}

/** What libraries find while they load: nothing that could differ between two cold starts. */
function loadingScene(): Scene {
  let ready = false;
  const refuse = (): never => {
    throw new Error(
      'a shared library asks for time, chance or the cloud while it loads: it would have them of one sandbox for all',
    );
  };
  const now = () => (ready ? refuse() : 0);
  const lane: Lane = { now, at: refuse, guard: (run) => run(), freeze() {}, thaw() {}, kill() {}, dead: false };
  const scene = createScene({
    start: {
      kind: 'start',
      region: '',
      environment: '',
      functionName: '',
      code: '/var/task',
      handler: '',
      variables: {},
      memoryMb: 0,
    },
    lane,
    dice: { number: refuse, between: refuse, hex: refuse, uuid: refuse },
    endpoint: 'http://127.0.0.1',
    send: refuse,
    ask: refuse,
    line: refuse,
    onExit: refuse,
    requestId: () => undefined,
  });
  ready = true;
  return scene;
}
