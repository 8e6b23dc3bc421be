/** Bundles without what nobody calls: what is left of a client does as before. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../../lib/infra/bundle.ts';

// Inside the repository, for the functions import its packages.
const scratch = resolve(`dist/lean-test-${process.pid}`);
const outdir = join(scratch, 'out');
let handler: (requestHandler: object) => Promise<readonly { name: string; isOfItsClass: boolean; item?: unknown }[]>;

beforeAll(async () => {
  mkdirSync(join(scratch, 'functions/read'), { recursive: true });
  writeFileSync(
    join(scratch, 'functions/read/handler.ts'),
    `import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
     import { SSMClient } from '@aws-sdk/client-ssm';
     import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
     export const handler = async (requestHandler) => {
       const how = { region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1, requestHandler };
       const provider = new SSMProvider({ awsSdkV3Client: new SSMClient(how) });
       const put = new PutItemCommand({ TableName: 't', Item: { id: { S: 'a' } } });
       const of = (error) => ({ name: error.name, isOfItsClass: error instanceof ConditionalCheckFailedException, item: error.Item });
       return [
         await provider.getMultiple('/found'),
         await provider.getMultiple('/denied').catch((error) => of(error.cause)),
         await new DynamoDBClient(how).send(put).catch(of),
       ];
     };`,
  );
  await bundle({ functions: join(scratch, 'functions'), outdir });
  ({ handler } = createRequire(import.meta.url)(join(outdir, 'read/index.js')));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Answers as AWS does, in words. */
const requestHandler = {
  metadata: { handlerProtocol: 'http/1.1' },
  async handle({ body }: { body: string }) {
    const { Path, TableName } = JSON.parse(body);
    const [statusCode, answer] =
      TableName !== undefined
        ? [
            400,
            { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', Item: { id: { S: 'b' } } },
          ]
        : Path === '/denied'
          ? [400, { __type: 'AccessDeniedException', message: 'no' }]
          : [200, { Parameters: [{ Name: '/found/one', Value: '1', LastModifiedDate: 1767600000 }] }];
    return { response: { statusCode, headers: {}, body: Readable.from([Buffer.from(JSON.stringify(answer))]) } };
  },
};

describe('a bundle', () => {
  test('reads answers, and knows errors by their names, and where it must by their classes', async () => {
    expect(await handler(requestHandler)).toEqual([
      { one: '1' },
      { name: 'AccessDeniedException', isOfItsClass: false },
      { name: 'ConditionalCheckFailedException', isOfItsClass: true, item: { id: { S: 'b' } } },
    ]);
  });

  test('holds nothing of what Systems Manager and DynamoDB are for besides', () => {
    const text = readFileSync(join(outdir, 'read/index.js'), 'utf8');
    expect(text).toContain('ConditionalCheckFailedException');
    for (const word of ['OpsItemAlreadyExistsException', 'MaintenanceWindowTarget', 'ImportTableDescription']) {
      expect(text).not.toContain(word);
    }
  });
});
