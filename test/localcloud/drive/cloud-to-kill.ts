/** A program with a cloud in it that has two functions, one at rest and one in a loop. It prints their processes and waits to be killed. */
import { once } from 'node:events';
import { administrator } from '../../../localcloud/cloud.ts';
import { startLive } from '../../../localcloud/drive/live.ts';

const live = await startLive({ port: 0, seed: 'kill', isolation: 'process', enforce: false });
const call = (action: string, input: object) =>
  live.cloud.request<any>({ service: 'lambda', region: 'eu-west-1', action, input, principal: administrator });
const invoke = (FunctionName: string, event: object) =>
  call('Invoke', { FunctionName, Payload: JSON.stringify(event) });
const pids: number[] = [];
for (const FunctionName of ['at-rest', 'in-a-loop']) {
  const Code = { LocalPath: process.argv[2] };
  await call('CreateFunction', { FunctionName, Role: 'arn:aws:iam::123456789012:role/worker', Code, Timeout: 900 });
  const { Payload } = await invoke(FunctionName, { do: 'pid' });
  pids.push(JSON.parse(Buffer.from(Payload).toString()));
}
const looping = once(process, 'SIGUSR2');
void invoke('in-a-loop', { do: 'loop', tell: process.pid });
await looping;
console.log(JSON.stringify(pids));
