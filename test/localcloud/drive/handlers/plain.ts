/** Does what its event says, without AWS. */
import { writeSync } from 'node:fs';

let calls = 0;

export async function handler(event: any, context: any): Promise<unknown> {
  calls++;
  switch (event.do) {
    case 'throw':
      throw new RangeError('too far');
    case 'exit':
      return process.exit(3);
    case 'reject':
      void Promise.reject(new Error('nobody handles me'));
      return new Promise(() => {});
    case 'throw later':
      setTimeout(() => {
        throw new TypeError('nobody catches me');
      });
      return new Promise(() => {});
    case 'hang':
      // Something is always about to happen: with nothing under way, there would be no hanging, but an end.
      setInterval(() => calls++, 60_000);
      return new Promise(() => {});
    case 'wait for nothing':
      return new Promise(() => {});
    case 'loop':
      if (event.tell !== undefined) process.kill(event.tell, 'SIGUSR2');
      while (event.do === 'loop') calls++;
      return null;
    case 'fill': {
      const kept: unknown[] = [];
      while (kept.length < 1e9) kept.push(new Array(100_000).fill(calls));
      return null;
    }
    case 'print':
      console.log('hello', { a: 1 });
      process.stdout.write('{"raw":true}\n');
      console.error('one entry\nof two lines');
      return null;
    case 'print past the runtime':
      writeSync(1, 'a line of a native library\n');
      return null;
    case 'pid':
      return process.pid;
    case 'environment':
      return process.env;
    case 'circular': {
      const circle: Record<string, unknown> = {};
      circle.circle = circle;
      return circle;
    }
    case 'context':
      return { ...context, remaining: context.getRemainingTimeInMillis(), calls };
    default:
      return event;
  }
}
