import type { Mutant } from './mutant.ts';

export const roleTooWide: Mutant = {
  name: 'role-too-wide',
  summary: 'whoever may put an item may do everything with it',
  resources: ({ Type, Properties }) => {
    if (Type !== 'AWS::IAM::ManagedPolicy') return false;
    const statements: any[] = Properties.PolicyDocument.Statement;
    const puts = statements.filter(({ Action }) => [Action].flat().includes('dynamodb:PutItem'));
    for (const statement of puts) statement.Action = 'dynamodb:*';
    return puts.length > 0;
  },
};
