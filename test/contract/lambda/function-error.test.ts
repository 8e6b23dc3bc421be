import { expect } from 'vitest';
import { behaviour } from '../contract.ts';
import { givenFunction, invoke, program, zipOf } from './given.ts';

const errors = 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html';
const phases = 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html';
const client = 'https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Errors.js';

behaviour(
  'an error that a handler throws comes back with its type, message and trace, under status 200',
  { source: errors, covers: ['lambda:Invoke'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(
      aws,
      'class Refused extends Error { name = "Refused" } exports.handler = async () => { throw new Refused("not today"); };',
    );
    const { StatusCode, FunctionError, payload } = await invoke(aws, FunctionName);
    expect([StatusCode, FunctionError]).toEqual([200, 'Unhandled']);
    expect(payload).toMatchObject({ errorType: 'Refused', errorMessage: 'not today' });
    expect(payload.trace[0]).toBe('Refused: not today');
  },
);

behaviour(
  'what is thrown and is no error is told by its type',
  { source: client, covers: ['lambda:Invoke'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, 'exports.handler = async () => { throw "a word"; };');
    const { FunctionError, payload } = await invoke(aws, FunctionName);
    expect(FunctionError).toBe('Unhandled');
    expect(payload).toEqual({ errorType: 'string', errorMessage: 'a word', trace: [] });
  },
);

behaviour(
  'a function that is not done in its time is ended, and its environment with it',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html',
    covers: ['lambda:Invoke'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, program('wait'), { Timeout: 1 });
    expect((await invoke(aws, FunctionName)).payload).toBe(1);
    const { StatusCode, FunctionError, payload } = await invoke(aws, FunctionName, { wait: 5000 });
    expect([StatusCode, FunctionError]).toEqual([200, 'Unhandled']);
    expect(payload.errorMessage).toMatch(/Task timed out after 1\.00 seconds$/);
    // A new environment remembers nothing.
    expect((await invoke(aws, FunctionName)).payload).toBe(1);
  },
);

behaviour(
  'a function that exits has failed with Runtime.ExitError',
  { source: phases, covers: ['lambda:Invoke'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, 'exports.handler = async ({ code }) => process.exit(code);');
    const zero = await invoke(aws, FunctionName, { code: 0 });
    expect(zero.payload.errorType).toBe('Runtime.ExitError');
    expect(zero.payload.errorMessage).toMatch(/^RequestId: \S+ Error: Runtime exited without providing a reason$/);
    const three = await invoke(aws, FunctionName, { code: 3 });
    expect(three.payload.errorMessage).toMatch(/^RequestId: \S+ Error: Runtime exited with error: exit status 3$/);
  },
);

behaviour(
  'a promise that nobody catches ends the function',
  { source: client, covers: ['lambda:Invoke'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(
      aws,
      `exports.handler = async () => {
        Promise.reject(new Error("unseen"));
        return new Promise(() => {});
      };`,
    );
    const { FunctionError, payload } = await invoke(aws, FunctionName);
    expect(FunctionError).toBe('Unhandled');
    expect(payload).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: unseen',
    });
  },
);

behaviour(
  'code that has no such file or no such export fails when it is first invoked',
  { source: client, covers: ['lambda:Invoke'] },
  async (aws) => {
    const { FunctionName, Role } = await givenFunction(aws, 'exports.handler = 1;');
    const notExported = await invoke(aws, FunctionName);
    expect(notExported.FunctionError).toBe('Unhandled');
    expect(notExported.payload.errorType).toBe('Runtime.HandlerNotFound');
    expect(notExported.payload.errorMessage).toContain('index.handler is');
    const other = await givenFunction(aws, '', { Role: Role!, Code: { ZipFile: zipOf('', 'main.js') } });
    const noFile = await invoke(aws, other.FunctionName);
    expect(noFile.payload.errorType).toBe('Runtime.ImportModuleError');
    expect(noFile.payload.errorMessage).toMatch(/^Error: Cannot find module 'index'/);
  },
);

behaviour(
  'a result that JSON cannot hold is an error, and so is one beyond 6 MB',
  { source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html', covers: ['lambda:Invoke'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(
      aws,
      'exports.handler = async ({ size }) => size ? "x".repeat(size) : { n: 1n };',
    );
    const unspeakable = await invoke(aws, FunctionName);
    expect(unspeakable.FunctionError).toBe('Unhandled');
    const large = await invoke(aws, FunctionName, { size: 6_300_000 });
    expect(large.FunctionError).toBe('Unhandled');
    expect(large.payload.errorType).toBe('Function.ResponseSizeTooLarge');
    expect(large.payload.errorMessage).toMatch(/exceeded maximum allowed payload size \(6291556 bytes\)\.$/);
  },
);
