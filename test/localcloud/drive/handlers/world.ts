/** Tries what the virtual cloud must replace, hold back or refuse. */

import { execSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { hostname } from 'node:os';
import { setTimeout as later } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';

const lambda = new LambdaClient({});
let left: string[] = [];

const did = async (what: string): Promise<unknown> => {
  switch (what) {
    case 'wait': {
      const start = Date.now();
      await sleep(1000);
      await promisify(setTimeout)(1000);
      await new Promise<void>((resolve) => void later(resolve, 1000));
      await new Promise<void>((resolve) => setImmediate(resolve));
      return Date.now() - start + performance.now() * 0;
    }
    case 'now':
      return [new Date().toISOString(), Date.now(), new Date(0).getTime(), new Date() instanceof Date];
    case 'chance':
      return [Math.random(), randomUUID(), crypto.randomUUID(), randomBytes(4).toString('hex'), hostname()];
    case 'compress':
      return (await promisify(gzip)(Buffer.from('text'))).toString('base64');
    case 'abort':
      return AbortSignal.timeout(500).aborted;
    case 'leave':
      left = [];
      setTimeout(() => left.push(`timer at ${Date.now()}`), 10);
      return 'left';
    case 'leave a call':
      setTimeout(() => void lambda.send(new GetAccountSettingsCommand()).catch(() => {}), 10);
      return 'left';
    case 'look':
      await sleep(1);
      return left;
    case 'globals': {
      (globalThis as any).mine = 'mine';
      return [(globalThis as any).mine, globalThis === global, globalThis.Date === Date];
    }
    case 'file':
      return readFileSync('/etc/hostname');
    case 'exec':
      return execSync('true');
    case 'fetch':
      return fetch('http://127.0.0.1:1/');
    case 'elsewhere':
      return new Promise((resolve, reject) => get('http://example.com/', resolve).on('error', reject));
    case 'unhandled':
      void Promise.resolve().then(() => Promise.reject(new SyntaxError('nobody handles me')));
      return sleep(10_000);
    case 'uncaught':
      setTimeout(() => {
        throw new TypeError('nobody catches me');
      }, 1);
      return sleep(10_000);
    default:
      throw new Error(what);
  }
};

export async function handler(event: { do: string }): Promise<unknown> {
  return did(event.do);
}
