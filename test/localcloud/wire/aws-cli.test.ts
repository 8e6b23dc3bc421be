/** The AWS command line, as a developer has it; it sends other forms than the JavaScript SDK. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { ServiceError } from '../../../localcloud/service.ts';
import { serveStub } from './stub.ts';

// Skipped where there is no `aws`: it is a developer's tool, no part of the project.
const installed = spawnSync('aws', ['--version']).status === 0;
const run = promisify(execFile);

test.skipIf(!installed)('the AWS command line is understood in every protocol', { timeout: 60_000 }, async () => {
  const stub = await serveStub({
    sqs: {
      GetQueueUrl: () => {
        throw new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
      },
    },
    monitoring: { DescribeAlarms: () => ({ MetricAlarms: [{ AlarmName: 'a', StateUpdatedTimestamp: new Date(0) }] }) },
    lambda: { Invoke: ({ Payload }) => ({ StatusCode: 200, Payload }) },
    kms: { Encrypt: ({ Plaintext }) => ({ CiphertextBlob: Plaintext }) },
  });
  const folder = await mkdtemp(join(tmpdir(), 'aws-cli-'));
  onTestFinished(async () => {
    await stub.close();
    await rm(folder, { recursive: true });
  });
  const file = join(folder, 'answer.json');
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_PAGER: '',
    AWS_MAX_ATTEMPTS: '1',
  };
  const aws = async (...args: string[]) => {
    const settings = ['--endpoint-url', stub.endpoint, '--region', 'eu-west-1', '--output', 'json'];
    const { stdout } = await run('aws', [...settings, ...args], { env });
    return JSON.parse(stdout);
  };

  expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: '123456789012' });
  expect(await aws('cloudwatch', 'describe-alarms')).toMatchObject({ MetricAlarms: [{ AlarmName: 'a' }] });
  expect(await aws('kms', 'encrypt', '--key-id', 'k', '--plaintext', 'aGk=')).toMatchObject({
    CiphertextBlob: expect.any(String),
  });
  const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:charge';
  expect(await aws('lambda', 'invoke', '--function-name', arn, '--payload', '{}', file)).toEqual({ StatusCode: 200 });
  expect(stub.seen.at(-1)?.input.FunctionName).toBe(arn);
  expect(await readFile(file, 'utf8')).toBe('{}');
  await expect(aws('sqs', 'get-queue-url', '--queue-name', 'q')).rejects.toThrow(
    'AWS.SimpleQueueService.NonExistentQueue',
  );
});
