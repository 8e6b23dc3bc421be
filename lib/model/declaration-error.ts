/** What is declared of a pipeline, or configured, cannot be: a mistake of whoever wrote it, shown without a stack. */
export class DeclarationError extends Error {
  override name = 'DeclarationError';
}
