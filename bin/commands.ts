/** The operators' commands, in the order in which help lists them. One file per command, one per verb under `lib/operate/`. */
import type { Command } from './command.ts';
import { auditCommand } from './commands/audit.ts';
import { automaticCommand } from './commands/automatic.ts';
import { configCommand } from './commands/config.ts';
import { dlqCommand } from './commands/dlq.ts';
import { drillCommand } from './commands/drill.ts';
import { failbackCommand, failoverCommand } from './commands/failover.ts';
import { invokeCommand } from './commands/invoke.ts';
import { parkCommand } from './commands/park.ts';
import { pauseCommand, resumeCommand } from './commands/pause.ts';
import { quarantineCommand } from './commands/quarantine.ts';
import { regionsCommand } from './commands/regions.ts';
import { replayCommand } from './commands/replay.ts';
import { sendCommand } from './commands/send.ts';
import { statusCommand } from './commands/status.ts';
import { traceCommand } from './commands/trace.ts';

export const commands: readonly Command[] = [
  sendCommand,
  statusCommand,
  traceCommand,
  dlqCommand,
  quarantineCommand,
  parkCommand,
  replayCommand,
  pauseCommand,
  resumeCommand,
  regionsCommand,
  failoverCommand,
  failbackCommand,
  automaticCommand,
  drillCommand,
  configCommand,
  auditCommand,
  invokeCommand,
];
