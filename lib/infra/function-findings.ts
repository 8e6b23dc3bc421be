/** What the rule packs say of every function, and why it stays so. */
import type { IConstruct } from 'constructs';
import { names } from '../model/names.ts';
import { acknowledge } from './acknowledge.ts';
import { arns } from './arns.ts';
import type { PipelineFunction } from './pipeline-function.ts';
import type { Place } from './place.ts';

/** @param withoutLetters why it has no dead-letter queue, where it is not fed by a queue that has one */
export function acknowledgeFunction(
  fn: PipelineFunction,
  who: string,
  place: Place,
  withoutLetters = 'A function’s dead-letter queue is for asynchronous invocations. Queues alone invoke this one, and they have theirs.',
): void {
  acknowledge(fn, 'LambdaDLQ', {
    of: ['serverless', 'hipaa', 'nist'],
    because: withoutLetters,
  });
  acknowledge(fn, 'LambdaInsideVPC', {
    of: ['hipaa', 'nist'],
    because:
      'It needs nothing that is in a VPC, and calls AWS over TLS. A fork that must not leave its network gives it one, with endpoints.',
  });
  acknowledge(fn, 'LambdaTracing', {
    of: ['serverless'],
    because: 'The trace context travels in the envelope, without the X-Ray SDK: docs/decisions/0006-no-tracer.md.',
  });
  const streams = arns.logStreams(place, names.logGroup(place.deployment, who));
  acknowledge(fn, `IAM5[Resource::${streams}]`, {
    of: ['solutions'],
    because: 'Lambda names the streams of its own log group itself, so no policy can.',
  });
  if (place.config.reserveConcurrency) return;
  acknowledge(fn, 'LambdaConcurrency', {
    of: ['hipaa', 'nist'],
    because:
      'In this environment none is set aside: a new account may have ten, and the event sources bound it anyway.',
  });
}

/** Versions have numbers that nobody knows beforehand: of whoever asks or shifts them, function by function. */
export function acknowledgeVersions(scope: IConstruct, functions: readonly string[], place: Place): void {
  for (const who of functions) {
    const version = `${arns.function(place, names.function(place.deployment, who))}:*`;
    acknowledge(scope, `IAM5[Resource::${version}]`, {
      of: ['solutions'],
      because: 'Any version of this one function of the pipeline: they are numbered as they are published.',
    });
  }
}
