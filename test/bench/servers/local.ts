/** The local cloud as a server of its own, for the bench: with signatures, policies and the journal on, as `npm start` has it. */
import { startLive } from '../../../localcloud/drive/live.ts';

const { endpoint } = await startLive({ port: 0 });
console.log(endpoint);
process.stdin.resume().on('end', () => process.exit());
