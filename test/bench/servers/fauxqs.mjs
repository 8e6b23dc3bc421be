// fauxqs as a server of its own, on loopback only: its own command listens on every address.
import { buildApp } from '../peers/node_modules/fauxqs/dist/app.js';

const app = await buildApp({ logger: false, host: '127.0.0.1' });
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
process.stdin.resume().on('end', () => process.exit());
