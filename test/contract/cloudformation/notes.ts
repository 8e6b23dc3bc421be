import type { Notes } from '../coverage.ts';

export const notes: Notes = {
  client: '@aws-sdk/client-cloudformation',
  neverRaised: {
    'CreateStack!LimitExceededException': 'there may be as many stacks as one likes',
    'GetTemplate!ChangeSetNotFoundException': 'change sets are refused by name, and ChangeSetName with them',
  },
  differences: [
    'DeployStack is the local cloud’s own action, for assemblies with assets; no AWS client knows it.',
    'A stack is made, changed or deleted when the call is answered.',
    'Resources are made one after the other, in the order of what needs what.',
    'Templates come in the request and are JSON; TemplateURL, YAML, change sets, transforms, nested stacks, drift and stack policies are refused by name.',
    'A type or a property that the local cloud does not know is refused when the stack is created, not while it is made.',
    'StackStatusReason also says why the resource failed; on AWS only the events do.',
    'DisableRollback and OnFailure DO_NOTHING are refused by name; a failure always takes everything back, or, with OnFailure DELETE, the stack too.',
    'The tags of a stack go to resources with a property Tags, not to the replicas of a global table; `aws:cloudformation:…` tags are put on nothing.',
    'Answers fit on one page: there is no NextToken.',
    'An update that shifts an alias by CodeDeploy is answered when it has ended, and only then are the outcomes of its resources seen; until then the stack is UPDATE_IN_PROGRESS. AWS answers at once.',
    'Of update policies only CodeDeployLambdaAliasUpdate is there; the others are refused by name.',
    'A topic, rule, alarm or dashboard that is there already under its name, but in no stack, is taken over; CloudFormation refuses it, as it does a queue, here too.',
    'When a stack is rolled back, aliases that were shifted go back at once; AWS deploys the way back by CodeDeploy too.',
  ],
};
