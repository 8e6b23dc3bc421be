/** What a sandbox does not have is refused by name, when it is used: a bundle may well load what it never calls. */

/** Something that throws with its name however it is used. */
export function refused(name: string, why: string): any {
  const refuse = (): never => {
    throw new Error(`a function in the virtual cloud cannot use ${name}: ${why}`);
  };
  return new Proxy(function refusing() {}, {
    apply: refuse,
    construct: refuse,
    // Bundlers look at what they import (`__esModule`, `default`, `then`); reading a member is not yet using it.
    get: (target, member) => {
      if (member === 'prototype') return target.prototype;
      if (typeof member === 'symbol' || ['__esModule', 'then', 'toJSON'].includes(member)) return undefined;
      return refused(`${name}.${member}`, why);
    },
  });
}

/** A module whose members are refused one by one. They exist, for bundlers copy what a module has. */
export function refusedModule(name: string, real: object, why: string): object {
  return Object.fromEntries(Object.keys(real).map((member) => [member, refused(`${name}.${member}`, why)]));
}
