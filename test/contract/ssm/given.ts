/** A parameter to begin with. */
import { DeleteParameterCommand, PutParameterCommand, type PutParameterCommandInput } from '@aws-sdk/client-ssm';
import type { Aws } from '../contract.ts';

/** A page of the API reference of Systems Manager. */
export const api = (action: string): string =>
  `https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_${action}.html`;

/** A page of the user guide of Systems Manager. */
export const guide = (page: string): string =>
  `https://docs.aws.amazon.com/systems-manager/latest/userguide/${page}.html`;

export const arnOf = (aws: Aws, name: string): string =>
  `arn:aws:ssm:${aws.region}:${aws.account}:parameter/${name.replace(/^\//, '')}`;

/** A parameter; gone after the test. */
export async function givenParameter(aws: Aws, more: Partial<PutParameterCommandInput> = {}): Promise<string> {
  const Name = more.Name ?? `/${aws.name('contract')}/setting`;
  await aws.ssm.send(new PutParameterCommand({ Type: 'String', Value: 'one', ...more, Name }));
  aws.afterwards(() => aws.ssm.send(new DeleteParameterCommand({ Name })));
  return Name;
}

/** A new version. */
export const overwrite = (aws: Aws, Name: string, more: Partial<PutParameterCommandInput>) =>
  aws.ssm.send(new PutParameterCommand({ Value: 'two', Overwrite: true, ...more, Name }));
