/**
 * What the rule packs of cdk-nag say of the templates, and why it stays so: said where it arises, rule by rule. Tests run the
 * packs; a finding that nobody acknowledged fails them, and so does an acknowledgement that nothing needs any more.
 */
import { type Acknowledgment, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** The packs, as their rules are named after them. */
const packs = {
  solutions: 'AwsSolutions::AwsSolutions',
  serverless: 'Serverless::Serverless',
  hipaa: 'HIPAA.Security::HIPAA.Security',
  nist: 'NIST.800.53.R5::NIST.800.53.R5',
} as const;

export type Pack = keyof typeof packs;

/** Acknowledges a rule, of one pack or of several that have it, for a construct and what is in it. */
export function acknowledge(
  scope: IConstruct,
  rule: string,
  { of, because }: { of: readonly Pack[]; because: string },
): void {
  const all = of.map((pack): Acknowledgment => ({ id: `${packs[pack]}-${rule}`, reason: because }));
  Validations.of(scope).acknowledge(...all);
}
