import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  ListAliasesCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, givenAlias, givenDoomedKey, givenKey, guide, NOBODY } from './given.ts';

const ask = (aws: Aws, AliasName: string, TargetKeyId: string) =>
  aws.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
const turn = (aws: Aws, AliasName: string, TargetKeyId: string) =>
  aws.kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId }));
const drop = (aws: Aws, AliasName: string) => aws.kms.send(new DeleteAliasCommand({ AliasName }));
const ofKey = async (aws: Aws, KeyId: string) =>
  (await aws.kms.send(new ListAliasesCommand({ KeyId }))).Aliases!.map(({ AliasName }) => AliasName);

behaviour(
  'an alias stands for one key, then for another, then for none; the keys stay',
  {
    source: guide('kms-alias'),
    covers: ['kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias', 'kms:ListAliases'],
  },
  async (aws) => {
    const [one, other] = [await givenKey(aws), await givenKey(aws)];
    const alias = `alias/${aws.name('contract')}`;
    await ask(aws, alias, one.arn);
    const { Aliases } = await aws.kms.send(new ListAliasesCommand({ KeyId: one.id }));
    expect(Aliases).toMatchObject([
      {
        AliasName: alias,
        AliasArn: `arn:aws:kms:${aws.region}:${aws.account}:${alias}`,
        TargetKeyId: one.id,
        CreationDate: expect.any(Date),
      },
    ]);
    await turn(aws, alias, other.id);
    expect([await ofKey(aws, one.id), await ofKey(aws, other.id)]).toEqual([[], [alias]]);
    const stood = await aws.kms.send(new DescribeKeyCommand({ KeyId: alias }));
    expect(stood.KeyMetadata!.KeyId).toBe(other.id);
    await drop(aws, alias);
    await refused(aws.kms.send(new DescribeKeyCommand({ KeyId: alias })), 'NotFoundException');
    await aws.kms.send(new DescribeKeyCommand({ KeyId: other.id }));
  },
);

behaviour(
  'a name is taken once, and follows the rules',
  {
    source: api('CreateAlias'),
    covers: ['kms:CreateAlias!AlreadyExistsException', 'kms:CreateAlias!InvalidAliasNameException'],
  },
  async (aws) => {
    const { id, arn } = await givenKey(aws);
    const alias = await givenAlias(aws, id);
    await refused(
      ask(aws, alias, id),
      'AlreadyExistsException',
      `An alias with the name ${arn.replace(/key\/.*/, alias)} already exists`,
    );
    await refused(ask(aws, 'alias/with a space', id), 'InvalidAliasNameException');
    await refused(ask(aws, 'no-prefix', id), 'ValidationException');
    await refused(ask(aws, 'alias/aws/contract', id), 'NotAuthorizedException');
  },
);

behaviour(
  'an alias needs a key that is there and will stay, and no other alias',
  {
    source: api('CreateAlias'),
    covers: [
      'kms:CreateAlias!NotFoundException',
      'kms:CreateAlias!KMSInvalidStateException',
      'kms:UpdateAlias!NotFoundException',
      'kms:UpdateAlias!KMSInvalidStateException',
      'kms:DeleteAlias!NotFoundException',
    ],
  },
  async (aws) => {
    const [{ id }, doomed] = [await givenKey(aws), await givenDoomedKey(aws)];
    const [alias, fresh] = [await givenAlias(aws, id), `alias/${aws.name('contract')}`];
    for (const set of [ask, turn]) {
      const name = set === ask ? fresh : alias;
      await refused(set(aws, name, NOBODY), 'NotFoundException', /^Key '.*' does not exist$/);
      await refused(set(aws, name, doomed.id), 'KMSInvalidStateException', `${doomed.arn} is pending deletion.`);
      await refused(set(aws, name, alias), 'ValidationException', 'Aliases must refer to keys. Not aliases');
    }
    const missing = `Alias arn:aws:kms:${aws.region}:${aws.account}:${fresh} is not found.`;
    await refused(turn(aws, fresh, id), 'NotFoundException', missing);
    await refused(drop(aws, fresh), 'NotFoundException', missing);
    await refused(ofKey(aws, NOBODY), 'NotFoundException');
  },
);

behaviour(
  'a key has fifty aliases at most',
  {
    source: guide('resource-limits'),
    covers: ['kms:CreateAlias!LimitExceededException', 'kms:UpdateAlias!LimitExceededException'],
  },
  async (aws) => {
    const [{ id }, other] = [await givenKey(aws), await givenKey(aws)];
    for (let count = 1; count <= 50; count++) await givenAlias(aws, id);
    await refused(ask(aws, `alias/${aws.name('contract')}`, id), 'LimitExceededException');
    await refused(turn(aws, await givenAlias(aws, other.id), id), 'LimitExceededException');
  },
);

behaviour(
  'aliases are listed in pages, all or those of a key, which is not named by an alias',
  {
    source: api('ListAliases'),
    covers: [
      'kms:ListAliases',
      'kms:ListAliases!InvalidMarkerException',
      'kms:ListAliases!InvalidArnException',
      'kms:ListAliases!NotFoundException',
    ],
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    const names = [await givenAlias(aws, id), await givenAlias(aws, id)];
    const list = (more: object) => aws.kms.send(new ListAliasesCommand(more));
    const first = await list({ KeyId: id, Limit: 1 });
    const second = await list({ KeyId: id, Limit: 1, Marker: first.NextMarker });
    expect([first.Truncated, second.Truncated]).toEqual([true, false]);
    const seen = [...first.Aliases!, ...second.Aliases!].map(({ AliasName }) => AliasName);
    expect(seen.sort()).toEqual(names.sort());
    await refused(list({ Marker: 'nonsense' }), 'InvalidMarkerException');
    await refused(list({ KeyId: names[0] }), 'InvalidArnException');
    await refused(list({ KeyId: NOBODY }), 'NotFoundException');
  },
);
