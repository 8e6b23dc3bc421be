/** How a shared form lies in the folder of a cloud assembly, beside the assets. */
import { createHash } from 'node:crypto';

export const FOLDER = 'shared';
/** From the hash of a bundle to the file that stands for it. */
export const INDEX = 'index.json';
export const LIBRARIES = 'libraries.js';

export type Index = Readonly<Record<string, string>>;

/** The SHA-256 of a bundle. */
export const hashOf = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** By this name libraries require the way to the cloud. */
export const WIRE = 'localcloud:wire';
