/** Times as requests bring them: a Date in process, seconds since 1970 or a text by wire. Returns milliseconds. */
export function milliseconds(time: Date | number | string): number {
  if (typeof time === 'number') return Math.round(time * 1000);
  return new Date(time).getTime();
}

/** A time as it stands in an event: to the second, which is why times of events do not order them. */
export const inSeconds = (time: number): string => new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
