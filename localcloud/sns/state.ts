/** What SNS remembers in one region. */
import { ServiceError } from '../service.ts';

export interface Subscription {
  readonly arn: string;
  readonly topic: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** Mail and web addresses must confirm, which nobody does here. */
  readonly confirmed: boolean;
  raw: boolean;
}

export interface Topic {
  readonly arn: string;
  readonly name: string;
  /** What was set: `Policy`, `KmsMasterKeyId`, `DisplayName` and so on. The gate reads the policy. */
  readonly attributes: Map<string, string>;
  readonly subscriptions: Map<string, Subscription>;
  readonly tags: Map<string, string>;
  deleted: number;
}

export interface Topics {
  readonly region: string;
  readonly account: string;
  /** By ARN. */
  readonly topics: Map<string, Topic>;
}

export const createTopics = (region: string, account: string): Topics => ({ region, account, topics: new Map() });

/** @throws ServiceError `NotFound`, `InvalidParameter` */
export function findTopic(state: Topics, arn: string | undefined): Topic {
  return state.topics.get(checkArn('TopicArn', arn)) ?? notFound('Topic does not exist');
}

/**
 * The topic that tags hang on: SNS has another error where it does not exist.
 * @throws ServiceError `ResourceNotFound`, `InvalidParameter`
 */
export function findResource(state: Topics, arn: string | undefined): Topic {
  const topic = state.topics.get(checkArn('ResourceArn', arn));
  if (topic) return topic;
  throw new ServiceError('ResourceNotFound', 'Resource does not exist', { status: 404 });
}

/** @throws ServiceError `NotFound` */
export function findSubscription(state: Topics, arn: string | undefined): Subscription {
  const known = checkArn('SubscriptionArn', arn);
  const topic = state.topics.get(topicOf(known));
  return topic?.subscriptions.get(known) ?? notFound('Subscription does not exist');
}

/** A subscription's ARN is its topic's with an id behind it. */
export const topicOf = (subscription: string): string => subscription.slice(0, subscription.lastIndexOf(':'));

/** @throws ServiceError `InvalidParameter` for what is no ARN, with AWS's text, and for one of another service */
export function checkArn(parameter: string, arn: string | undefined): string {
  const parts = (arn ?? '').split(':');
  if (parts.length < 6)
    invalidParameter(`${parameter} Reason: An ARN must have at least 6 elements, not ${parts.length}`);
  if (parts[2] !== 'sns') invalidParameter(parameter);
  return arn!;
}

function notFound(message: string): never {
  throw new ServiceError('NotFound', message, { status: 404 });
}

export function invalidParameter(what: string): never {
  throw new ServiceError('InvalidParameter', `Invalid parameter: ${what}`);
}

export function unsupported(what: string): never {
  throw new ServiceError('NotImplemented', `sns: the local cloud does not support ${what}`, { status: 501 });
}

/** One page of a list; SNS gives a hundred at a time. */
export function page<T>(all: readonly T[], token: string | undefined): { items: readonly T[]; NextToken?: string } {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0) invalidParameter('NextToken');
  const items = all.slice(from, from + 100);
  return { items, ...(from + 100 < all.length ? { NextToken: String(from + 100) } : {}) };
}
