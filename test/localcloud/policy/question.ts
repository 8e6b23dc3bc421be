/** Questions to the evaluator, written with as little as each test needs. */
import type { PolicyDocument, Statement } from '../../../localcloud/iam/documents.ts';
import { compile } from '../../../localcloud/policy/compile.ts';
import { type Decision, evaluate } from '../../../localcloud/policy/evaluate.ts';
import type { Given } from '../../../localcloud/policy/lookup.ts';
import type { Caller } from '../../../localcloud/policy/principals.ts';

export const ACCOUNT = '123456789012';
export const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:jobs`;
export const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`;
export const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`;
export const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/worker/one`;

const nothing = { sourceArn: undefined, tags: undefined };
export const worker: Caller = { kind: 'role', account: ACCOUNT, name: SESSION, arn: ROLE, ...nothing };
const user = `arn:aws:iam::${ACCOUNT}:user/test`;
export const admin: Caller = { kind: 'admin', account: ACCOUNT, name: user, arn: user, ...nothing };
export const events: Caller = {
  kind: 'service',
  account: ACCOUNT,
  name: 'events.amazonaws.com',
  arn: undefined,
  ...nothing,
};

type Part = Partial<Statement>;
export const policy = (...parts: Part[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: parts.map((part) => {
    const named = part.Resource ?? part.NotResource;
    const about = part.Action ?? part.NotAction;
    return {
      Effect: 'Allow',
      ...(about ? {} : { Action: 'sqs:SendMessage' }),
      ...(named ? {} : { Resource: '*' }),
      ...part,
    } as Statement;
  }),
});

export interface Asked {
  readonly caller?: Caller;
  readonly action?: string;
  readonly resource?: string;
  readonly keys?: Readonly<Record<string, Given>>;
  readonly identity?: PolicyDocument;
  readonly boundary?: PolicyDocument;
  readonly onResource?: PolicyDocument;
  readonly mustAllow?: boolean;
}

export function decide(asked: Asked): Decision {
  const { caller = worker, keys = {}, identity, boundary, onResource, mustAllow } = asked;
  const byName = new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), value]));
  return evaluate({
    caller,
    action: asked.action ?? 'sqs:SendMessage',
    resource: asked.resource ?? QUEUE,
    keys: (key) => byName.get(key),
    identity: caller.kind === 'admin' ? undefined : identity ? [compile(identity)] : [],
    boundary: boundary && compile(boundary),
    resourcePolicy: onResource && compile(onResource),
    resourceMustAllow: mustAllow,
  });
}

/** `allowed`, or by which kind of policy not. */
export function outcome(asked: Asked): string {
  const decision = decide(asked);
  if (decision.allowed) return 'allowed';
  return decision.statement ? `denied by ${decision.by}` : `no ${decision.by}`;
}

export const isAllowed = (asked: Asked): boolean => decide(asked).allowed;
