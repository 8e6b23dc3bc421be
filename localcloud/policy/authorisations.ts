/** How each service takes part in the gate. A new one is its `authorisation.ts`, and its line here. */
import { monitoringAuthorisation } from '../cloudwatch/authorisation.ts';
import { codedeployAuthorisation } from '../codedeploy/authorisation.ts';
import { dynamodbAuthorisation } from '../dynamodb/authorisation.ts';
import { eventsAuthorisation } from '../events/authorisation.ts';
import { iamAuthorisation } from '../iam/authorisation.ts';
import { kmsAuthorisation } from '../kms/authorisation.ts';
import { lambdaAuthorisation } from '../lambda/authorisation.ts';
import { logsAuthorisation } from '../logs/authorisation.ts';
import { snsAuthorisation } from '../sns/authorisation.ts';
import { sqsAuthorisation } from '../sqs/authorisation.ts';
import { ssmAuthorisation } from '../ssm/authorisation.ts';
import { cloudformationAuthorisation } from '../stack/authorisation.ts';
import { stsAuthorisation } from '../sts/authorisation.ts';
import type { Authorisation } from './demand.ts';

export const authorisations: Readonly<Record<string, Authorisation>> = {
  cloudformation: cloudformationAuthorisation,
  codedeploy: codedeployAuthorisation,
  dynamodb: dynamodbAuthorisation,
  events: eventsAuthorisation,
  iam: iamAuthorisation,
  kms: kmsAuthorisation,
  lambda: lambdaAuthorisation,
  logs: logsAuthorisation,
  monitoring: monitoringAuthorisation,
  sns: snsAuthorisation,
  sqs: sqsAuthorisation,
  ssm: ssmAuthorisation,
  sts: stsAuthorisation,
};
