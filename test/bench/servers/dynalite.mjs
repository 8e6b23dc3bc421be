// dynalite as a server of its own, on loopback, with its data in memory.
import dynalite from '../peers/node_modules/dynalite/index.js';

const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.resume().on('end', () => process.exit());
