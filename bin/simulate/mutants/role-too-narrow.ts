import type { Mutant } from './mutant.ts';

export const roleTooNarrow: Mutant = {
  name: 'role-too-narrow',
  summary: 'no role may send to a dead-letter queue',
  resources: ({ Type, Properties }) => {
    if (!/^AWS::IAM::(Managed)?Policy$/.test(Type)) return false;
    const statements: any[] = Properties.PolicyDocument.Statement;
    const kept = statements.filter((one) => !JSON.stringify(one).includes('-dlq'));
    if (kept.length === statements.length || kept.length === 0) return false;
    Properties.PolicyDocument.Statement = kept;
    return true;
  },
};
