/** `Date`, `performance` and `process.hrtime` at the cloud's time. Code takes no time here; only waiting does. */

/** A `Date` whose present is `now`; everything else, `instanceof` included, is the real one's. */
export function createDate(now: () => number): DateConstructor {
  const virtual: DateConstructor = new Proxy(Date, {
    construct: (target, given, asked) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, asked === virtual ? target : asked),
    apply: () => new Date(now()).toString(),
    get: (target, member) => (member === 'now' ? now : Reflect.get(target, member)),
  });
  return virtual;
}

export function createPerformance(now: () => number) {
  const timeOrigin = now();
  const mark = () => ({ duration: 0, startTime: now() - timeOrigin });
  return {
    timeOrigin,
    now: () => now() - timeOrigin,
    toJSON: () => ({ timeOrigin }),
    mark,
    measure: mark,
    clearMarks: () => {},
    clearMeasures: () => {},
    getEntries: () => [],
    getEntriesByName: () => [],
    getEntriesByType: () => [],
    timerify: (run: unknown) => run,
    eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
  };
}

export function createHrtime(now: () => number) {
  const start = now();
  const hrtime = ([seconds, nanoseconds]: [number, number] = [0, 0]): [number, number] => {
    const passed = now() - start - 1000 * seconds - nanoseconds / 1e6;
    return [Math.floor(passed / 1000), (passed % 1000) * 1e6];
  };
  return Object.assign(hrtime, { bigint: () => BigInt(now() - start) * 1_000_000n });
}
