/** Does what its event says, without AWS. */
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
    case 'hang':
      return new Promise(() => {});
    case 'loop':
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
      return null;
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
