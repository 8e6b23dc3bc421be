// Runs a program of this repository on a Node that can: `node bin/node.mjs bin/start.ts …`. Plain JavaScript, for the
// Node that reads this line may be an old one.
import * as module from 'node:module';
import { pathToFileURL } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);

// From 22.18 and 23.6 on, Node runs TypeScript by itself.
if (major < 22 || (major === 22 && minor < 18) || (major === 23 && minor < 6)) {
  console.error(
    [
      `Bulkhead needs Node 24; this is ${process.versions.node} on ${process.platform}-${process.arch}.`,
      '',
      'npm ci brings the right Node along for Linux, macOS and Windows, as an optional dependency. It is not here, so either',
      '  - it was left out: run `npm ci` again without --omit=optional, and start with `npm start` rather than `node`; or',
      '  - there is none for this platform: install Node 24 (see .nvmrc) and try again.',
    ].join('\n'),
  );
  process.exit(1);
}

module.enableCompileCache?.();
const [program, ...args] = process.argv.slice(2);
process.argv = [process.argv[0], program, ...args];
try {
  await import(pathToFileURL(program).href);
} catch (error) {
  // What a pipeline declares is judged while it is loaded.
  if (error?.name !== 'DeclarationError') throw error;
  console.error(error.message);
  process.exitCode = 2;
}
