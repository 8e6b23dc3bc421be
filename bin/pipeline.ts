/** The operator's command line. One file per command under `commands/`, one per verb under `lib/operate/`. */
import { runCommand } from './command.ts';
import { dlqCommand } from './commands/dlq.ts';
import { invokeCommand } from './commands/invoke.ts';
import { sendCommand } from './commands/send.ts';
import { statusCommand } from './commands/status.ts';

process.exitCode = await runCommand([sendCommand, statusCommand, dlqCommand, invokeCommand], process.argv.slice(2));
