import type { Command } from '../command.ts';
import { letterCommand } from './letters.ts';

export const dlqCommand: Command = letterCommand({
  name: 'dlq',
  kind: 'dead-letters',
  back: 'redrive',
  summary: 'list and show dead letters, with their reasons; send them back, or discard them',
});
