/** What CloudWatch Logs asks of policies (Service Authorization Reference, "Amazon CloudWatch Logs"). */
import { type Asked, type Authorisation, needsOn } from '../policy/demand.ts';
import { ServiceError } from '../service.ts';

const group = ({ input, region, account }: Asked): string =>
  `arn:aws:logs:${region}:${account}:log-group:${String(input.logGroupName ?? input.logGroupIdentifier ?? '*').replace(/^arn:.*:log-group:/, '')}`;

/** AWS's own messages name a stream so, also where it is about to be made. */
const stream = (asked: Asked): string => `${group(asked)}:log-stream:${asked.input.logStreamName ?? ''}`;

const tagged = ({ input }: Asked): string => String(input.resourceArn);

export const logsAuthorisation: Authorisation = {
  needs: {
    ...needsOn('logs', ['AssociateKmsKey', 'CreateLogGroup', 'DeleteLogGroup', 'DeleteRetentionPolicy'], group),
    ...needsOn('logs', ['DescribeLogStreams', 'DisassociateKmsKey', 'FilterLogEvents', 'PutRetentionPolicy'], group),
    ...needsOn('logs', ['PutLogGroupDeletionProtection'], group),
    ...needsOn('logs', ['CreateLogStream', 'DeleteLogStream', 'GetLogEvents', 'PutLogEvents'], stream),
    ...needsOn('logs', ['ListTagsForResource', 'TagResource', 'UntagResource'], tagged),
    ...needsOn('logs', ['DescribeLogGroups'], ({ region, account }) => `arn:aws:logs:${region}:${account}:log-group:*`),
  },
  refuse: (message) => new ServiceError('AccessDeniedException', message),
};
