/** A cloud with all services behind the gate, and roles to try it with. */
import { createPolicyGate } from '../../../localcloud/policy/gate.ts';
import type { Principal } from '../../../localcloud/service.ts';
import { services } from '../../../localcloud/services.ts';
import { sessionPrincipal } from '../../../localcloud/sts/credentials.ts';
import { testCloud } from '../bench-cloud.ts';

export const ACCOUNT = '123456789012';
export const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
export const arn = (service: string, rest: string, region = 'eu-west-1') =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${rest}`;
export const url = (queue: string) => `http://127.0.0.1:4566/${ACCOUNT}/${queue}`;

export const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
});
export const document = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

export const service = (name: string, sourceArn?: string): Principal => ({
  kind: 'service',
  account: ACCOUNT,
  service: `${name}.amazonaws.com`,
  ...(sourceArn === undefined ? {} : { sourceArn }),
});

const trusting = (...principals: object[]) =>
  document(...principals.map((Principal) => ({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' })));

export function guarded() {
  const policies = createPolicyGate();
  const bench = testCloud(services, { gate: policies.gate });
  const { call } = bench;
  return {
    ...bench,
    used: policies.used,
    /** Makes a role that may do this, and gives a session of it. */
    async role(name: string, statements: object[], trusted: object[] = [{ Service: 'lambda.amazonaws.com' }]) {
      await call('iam', 'CreateRole', { RoleName: name, AssumeRolePolicyDocument: trusting(...trusted) });
      await call('iam', 'PutRolePolicy', {
        RoleName: name,
        PolicyName: 'own',
        PolicyDocument: document(...statements),
      });
      return sessionPrincipal(ACCOUNT, name, 'session');
    },
    /** Makes a key with this policy, and gives its ARN. */
    async key(...statements: object[]): Promise<string> {
      const withAdministration = [
        {
          Effect: 'Allow',
          Principal: { AWS: ROOT },
          Action: ['kms:Describe*', 'kms:Put*', 'kms:Disable*', 'kms:Schedule*'],
          Resource: '*',
        },
        ...statements,
      ];
      const { KeyMetadata } = await call('kms', 'CreateKey', { Policy: document(...withAdministration) });
      return KeyMetadata.Arn;
    },
    denials: () =>
      bench.cloud.journal.entries
        .filter(({ kind, action }) => kind === 'note' && action === 'Denied')
        .map(
          ({ input }) =>
            input as { action: string; resource: string; principal: string; by: string; explanation: string },
        ),
  };
}

/** The error that a call ends with, or undefined. */
export const refusal = (
  call: Promise<unknown>,
): Promise<{ code: string; message: string; status: number } | undefined> =>
  call.then(
    () => undefined,
    ({ code, message, status }) => ({ code, message, status }),
  );

/** The code of that error, or `allowed`. */
export const verdict = async (call: Promise<unknown>): Promise<string> => (await refusal(call))?.code ?? 'allowed';
