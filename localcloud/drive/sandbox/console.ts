/**
 * `console` and `node:console`. Node binds two dozen methods whenever it makes a console, which is a twentieth of a cold
 * start; most code calls one or two of them. So a console is made when somebody calls what is not given to it here.
 */
import * as nodeConsole from 'node:console';
import type { Print } from '../printing.ts';

type Methods = Record<string, (...values: unknown[]) => unknown>;

/** All that a console can do, by name. */
const NAMES = Object.entries(console as unknown as Methods)
  .filter(([name, value]) => typeof value === 'function' && name !== 'Console')
  .map(([name]) => name);

/** A console that becomes what `make` makes of it on the first use of a method. */
class LateConsole {
  constructor(make: () => object) {
    let made: Methods | undefined;
    real.set(this, () => {
      made ??= make() as Methods;
      return made;
    });
  }
}

const real = new WeakMap<object, () => Methods>();

for (const name of NAMES) {
  Object.defineProperty(LateConsole.prototype, name, {
    configurable: true,
    // A method that is taken from its console still belongs to it, as with Node's own.
    get(this: LateConsole) {
      const own = (...values: unknown[]) => real.get(this)!()[name]!(...values);
      Object.defineProperty(this, name, { value: own, writable: true, configurable: true, enumerable: true });
      return own;
    },
    set(this: LateConsole, value: unknown) {
      Object.defineProperty(this, name, { value, writable: true, configurable: true, enumerable: true });
    },
  });
}

/** `Console` of `node:console`, as a class that others may extend. */
class Console extends LateConsole {
  constructor(...given: any[]) {
    super(() => new (nodeConsole.Console as any)(...given));
  }
}

/** The global console of a sandbox. */
export function createConsole(
  { stdout, stderr }: { readonly stdout: any; readonly stderr: any },
  print: Readonly<Record<string, Print>>,
): object {
  const nothing = () => {};
  // Timings would print how fast this machine is.
  return Object.assign(new Console({ stdout, stderr }), print, { time: nothing, timeEnd: nothing, timeLog: nothing });
}

export const consoleModule = (own: object): object => Object.assign(Object.create(own), { Console });
