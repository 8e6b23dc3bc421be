/**
 * A mutant: the pipeline with one thing broken on purpose. The simulator must find it out, or it would not find out the
 * same mistake made in earnest. One mutant per file; a new one is a file and its line in `index.ts`.
 */

export interface Mutant {
  readonly name: string;
  /** What is broken, as half a sentence. */
  readonly summary: string;
  /** The scenario in which it shows, where that is not the one of everything. */
  readonly scenario?: string;
  /** Which invariants count as having found it out, where the unbroken pipeline breaks others still; default: any. */
  readonly foundBy?: readonly string[];
  /** Replacements in sources, before they are bundled. Each text must be there exactly once. */
  readonly sources?: readonly Replacement[];
  /** Changes a resource of the templates in place; says whether it did. */
  readonly resources?: (resource: Resource) => boolean;
}

export interface Replacement {
  /** From the root of the repository. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, any>;
}
