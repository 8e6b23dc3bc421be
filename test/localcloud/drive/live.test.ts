import { describe } from 'vitest';
import { liveFeatures } from './live.features.ts';

describe.each(['thread', 'process'] as const)('with each environment in a %s', liveFeatures);
