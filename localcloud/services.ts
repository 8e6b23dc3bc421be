/** Every service of the local cloud. A new one is a folder that exports a `Service`, and its line here. */

import { monitoring } from './cloudwatch/index.ts';
import { codedeploy } from './codedeploy/index.ts';
import { dynamodb } from './dynamodb/index.ts';
import { events } from './events/index.ts';
import { iam } from './iam/index.ts';
import { kms } from './kms/index.ts';
import { lambda } from './lambda/index.ts';
import { logs } from './logs/index.ts';
import type { Service } from './service.ts';
import { sns } from './sns/index.ts';
import { sqs } from './sqs/index.ts';
import { ssm } from './ssm/index.ts';
import { cloudformation } from './stack/index.ts';
import { sts } from './sts/index.ts';

export const services: readonly Service[] = [
  cloudformation,
  codedeploy,
  dynamodb,
  events,
  iam,
  kms,
  lambda,
  logs,
  monitoring,
  sns,
  sqs,
  ssm,
  sts,
];
