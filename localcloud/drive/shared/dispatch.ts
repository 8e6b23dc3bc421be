/**
 * Globals and modules for code that many sandboxes share: whatever it asks for is asked of the sandbox that calls it, by
 * the async context. While it loads there is no such sandbox: what it takes away then (a bound function, `process.env`)
 * asks again whenever it is used.
 */
import { origin } from '../sandbox/origin.ts';
import type { Scene } from '../sandbox/scene.ts';

/** The scene of the code that runs; undefined while libraries load. */
export const currentScene = (): Scene | undefined => origin.getStore()?.scene;

/**
 * Something that is, whenever it is used, what `find` says of the present scene.
 * @param loading what it is while libraries load
 */
export function dispatching(find: (scene: Scene) => any, loading: Scene): any {
  const sample = find(loading);
  const current = () => {
    const scene = currentScene();
    return scene === undefined ? sample : find(scene);
  };
  /** What was read while loading is kept by somebody: it must not be the loading scene's. */
  const kept = (member: PropertyKey) => {
    const value = sample[member];
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
    return dispatching((scene) => bound(find(scene), member), loading);
  };
  const target = typeof sample === 'function' ? function dispatched() {} : {};
  return new Proxy(target, {
    get: (_, member) => (currentScene() === undefined ? kept(member) : current()[member]),
    set: (_, member, value) => Reflect.set(current(), member, value),
    has: (_, member) => member in current(),
    deleteProperty: (_, member) => Reflect.deleteProperty(current(), member),
    getPrototypeOf: () => Reflect.getPrototypeOf(current()),
    // A proxy may not list what its target has not, nor hide what it has: it lists copies that can be configured.
    ownKeys: () => [...new Set([...Reflect.ownKeys(target).filter((key) => fixed(target, key)), ...keysOf(current())])],
    getOwnPropertyDescriptor: (_, member) => {
      if (fixed(target, member)) return Reflect.getOwnPropertyDescriptor(target, member);
      const described = Reflect.getOwnPropertyDescriptor(current(), member);
      return described && { ...described, configurable: true };
    },
    apply: (_, self, given) => Reflect.apply(current(), self, given),
    construct: (_, given) => Reflect.construct(current(), given),
  });
}

const fixed = (target: object, member: PropertyKey) =>
  Reflect.getOwnPropertyDescriptor(target, member)?.configurable === false;

const keysOf = (value: object) => Reflect.ownKeys(value);

/** A method that is taken from its object goes on to belong to it. */
function bound(owner: any, member: PropertyKey): any {
  const value = owner[member];
  return typeof value === 'function' && !('prototype' in value) ? value.bind(owner) : value;
}
