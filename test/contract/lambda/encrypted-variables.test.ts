import { DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { givenFunction, givenRole, invoke } from './given.ts';

const source = 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html';
const DAY = 86_400_000;
const soon = 'an environment that has decrypted its variables goes on for minutes';

/** A function whose variables are under a key of ours. */
async function given(aws: Aws, may = true) {
  const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({}));
  const { KeyId, Arn: KMSKeyArn } = KeyMetadata!;
  const doom = () => aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  aws.afterwards(() => doom().catch(() => {}));
  const Role = await givenRole(aws);
  const RoleName = Role.split('/').at(-1)!;
  if (may) {
    const Statement = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: KMSKeyArn };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'decrypt', PolicyDocument }));
    aws.afterwards(() => aws.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'decrypt' })));
  }
  const { FunctionName } = await givenFunction(aws, 'exports.handler = async () => process.env.WORD;', {
    Role,
    KMSKeyArn,
    Environment: { Variables: { WORD: 'secret' } },
  });
  return { KeyId, FunctionName, doom };
}

behaviour(
  'a function reads its variables while their key is at work, and is not started otherwise',
  { source, covers: ['lambda:Invoke', 'lambda:Invoke!KMSDisabledException'], notRemote: soon },
  async (aws) => {
    const { KeyId, FunctionName } = await given(aws);
    await aws.kms.send(new DisableKeyCommand({ KeyId }));
    await refused(invoke(aws, FunctionName), 'KMSDisabledException', /unable to decrypt the environment variables/);
    await aws.kms.send(new EnableKeyCommand({ KeyId }));
    expect((await invoke(aws, FunctionName)).payload).toBe('secret');
  },
);

behaviour(
  'a function is not started when the key of its variables is to go, and when it is gone',
  {
    source,
    covers: ['lambda:Invoke!KMSInvalidStateException', 'lambda:Invoke!KMSNotFoundException'],
    notRemote: 'it takes seven days',
  },
  async (aws) => {
    const { FunctionName, doom } = await given(aws);
    await doom();
    await refused(invoke(aws, FunctionName), 'KMSInvalidStateException');
    await aws.pass(7 * DAY);
    await refused(invoke(aws, FunctionName), 'KMSNotFoundException');
  },
);

behaviour(
  'a function is not started when its role may not decrypt its variables',
  {
    source,
    covers: ['lambda:Invoke!KMSAccessDeniedException'],
    notRemote: 'AWS makes a grant to the role when the function is created',
  },
  async (aws) => {
    const { FunctionName } = await given(aws, false);
    await refused(invoke(aws, FunctionName), 'KMSAccessDeniedException');
  },
);
