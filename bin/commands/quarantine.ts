import type { Command } from '../command.ts';
import { letterCommand } from './letters.ts';

export const quarantineCommand: Command = letterCommand({
  name: 'quarantine',
  kind: 'quarantine',
  back: 'release',
  summary: 'list and show what is not what it claims; let it in all the same, or discard it',
});
