/**
 * The event-pattern language of EventBridge, which is also that of Lambda's event-source filters.
 * The rules are those of the engine that AWS published (aws/event-ruler) and of its recorded answers.
 */
export { compilePattern, type Pattern } from './compile.ts';
export { type Fields, flatten, type Wanted, wanted } from './fields.ts';
export { matches, matchesEvent } from './match.ts';
