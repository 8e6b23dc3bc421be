/**
 * Stands in a bundle for the SDK's chain of credential providers: Lambda puts the role's credentials into the
 * environment, and so do SAM and the local cloud. The chain is a quarter of a bundle and never gets past its first link.
 * `lib/infra/bundle.ts` puts it in the place of `@aws-sdk/credential-provider-node`.
 */
import type { AwsCredentialIdentity } from '@aws-sdk/types';

/** @throws Error when the environment holds no credentials */
export const defaultProvider = () => async (): Promise<AwsCredentialIdentity> => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (!accessKeyId || !secretAccessKey)
    throw new Error('there are no credentials in the environment; Lambda puts those of the role there');
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
};
