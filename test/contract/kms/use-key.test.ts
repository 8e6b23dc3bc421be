import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { behaviour, refused } from '../contract.ts';
import { givenKey } from './given.ts';

behaviour(
  'UseKey is for the services of the cloud: from outside it cannot be called',
  {
    source: 'localcloud/kms/use-key.ts',
    covers: ['kms:UseKey'],
    notRemote: 'it is no action of AWS',
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    const asked = new DescribeKeyCommand({ KeyId: id });
    asked.middlewareStack.add(
      (next) => (step: any) => {
        step.request.headers['x-amz-target'] = 'TrentService.UseKey';
        step.request.body = JSON.stringify({ KeyId: id, Operations: ['Decrypt'] });
        return next(step);
      },
      { step: 'build' },
    );
    await refused(aws.kms.send(asked), 'NotImplemented', 'the local cloud does not know kms:UseKey');
  },
);
