/**
 * Rules of our own, in the language of CloudFormation Guard, for mistakes that CDK, CloudFormation's validator, cfn-lint and
 * cdk-nag let pass and that AWS answers with silence: events that go nowhere, or wait for one another.
 * https://docs.aws.amazon.com/cfn-guard/latest/ug/writing-rules.html
 */
import { CloudFormationValidatePlugin } from 'aws-cdk-lib/core';

const toFifo =
  'A rule that sends to a FIFO queue without a message group delivers nothing: deliver to a standard queue, and let the sequencer give the group';
const fifoLetters =
  'EventBridge takes only a standard queue for what a rule cannot deliver; with a FIFO queue it is lost: name a standard one';

/** By the name of the rule. */
export const guardRules = {
  FIFO_NAME: `
let named = Resources.*[ Type == 'AWS::SQS::Queue' Properties.QueueName == /\\.fifo$/ ]
rule FIFO_NAME when %named !empty {
  %named.Properties.FifoQueue == true <<A queue named .fifo that is no FIFO queue keeps no order, and CloudFormation refuses it only at deployment: set FifoQueue>>
}`,
  FIFO_CONTENT_DEDUP: `
let fifos = Resources.*[ Type == 'AWS::SQS::Queue' Properties.FifoQueue == true ]
rule FIFO_CONTENT_DEDUP when %fifos !empty {
  %fifos.Properties.ContentBasedDeduplication == true <<What EventBridge, or an operator, sends to a FIFO queue has no deduplication id; without content-based deduplication it is refused: set ContentBasedDeduplication>>
}`,
  FIFO_GROUP_SCOPE: `
let grouped = Resources.*[ Type == 'AWS::SQS::Queue' Properties.FifoThroughputLimit == 'perMessageGroupId' ]
rule FIFO_GROUP_SCOPE when %grouped !empty {
  %grouped.Properties.DeduplicationScope == 'messageGroup' <<A throughput limit per message group takes a deduplication scope of the message group: set DeduplicationScope>>
}`,
  FIFO_GROUP_LITERAL: `
let grouping = Resources.*[ Type == 'AWS::Events::Rule' ].Properties.Targets[ SqsParameters exists ]
rule FIFO_GROUP_LITERAL when %grouping !empty {
  %grouping.SqsParameters.MessageGroupId != /^\\$/ <<A rule takes no message group from the event: the path would be the one group of all, and every event would wait for every other. Deliver to a standard queue, and let the sequencer give the group>>
}`,
  RULE_TO_FIFO: `
let queues_by_group = Resources[ fifo_target | Type == 'AWS::SQS::Queue' Properties.FifoQueue == true ]
let referred = Resources.*[ Type == 'AWS::Events::Rule' ].Properties.Targets[ SqsParameters not exists Arn is_struct ]
let literal = Resources.*[ Type == 'AWS::Events::Rule' ].Properties.Targets[ SqsParameters not exists Arn is_string ]
rule RULE_TO_FIFO {
  when %referred !empty %queues_by_group !empty {
    %referred.Arn.'Fn::GetAtt'[0] not in %fifo_target <<${toFifo}>>
  }
  when %literal !empty {
    %literal.Arn != /\\.fifo$/ <<${toFifo}>>
  }
}`,
  RULE_DLQ_FIFO: `
let letters_by_group = Resources[ fifo_letters | Type == 'AWS::SQS::Queue' Properties.FifoQueue == true ]
let letters_referred = Resources.*[ Type == 'AWS::Events::Rule' ].Properties.Targets[ DeadLetterConfig.Arn is_struct ]
let letters_literal = Resources.*[ Type == 'AWS::Events::Rule' ].Properties.Targets[ DeadLetterConfig.Arn is_string ]
rule RULE_DLQ_FIFO {
  when %letters_referred !empty %letters_by_group !empty {
    %letters_referred.DeadLetterConfig.Arn.'Fn::GetAtt'[0] not in %fifo_letters <<${fifoLetters}>>
  }
  when %letters_literal !empty {
    %letters_literal.DeadLetterConfig.Arn != /\\.fifo$/ <<${fifoLetters}>>
  }
}`,
  STANDARD_DLQ_RETENTION: `
let ungrouped = Resources.*[ Type == 'AWS::SQS::Queue' Properties.FifoQueue not exists Properties.RedrivePolicy exists Properties.MessageRetentionPeriod exists ]
rule STANDARD_DLQ_RETENTION when %ungrouped !empty {
  %ungrouped.Properties.MessageRetentionPeriod < 1209600 <<What SQS moves from a standard queue to its dead-letter queue is deleted there by the time of its first send: a queue that keeps it for as long as SQS can leaves no letter to look at. Keep it for less>>
}`,
  MRSC_NO_TTL: `
let strong = Resources.*[ Type == 'AWS::DynamoDB::GlobalTable' Properties.MultiRegionConsistency == 'STRONG' ]
rule MRSC_NO_TTL when %strong !empty {
  %strong.Properties.TimeToLiveSpecification not exists <<A table with strong consistency between regions knows no expiry: remove TimeToLiveSpecification, or the consistency>>
}`,
} as const;

/** The validator with our rules beside its own. It takes the place of the one that CDK adds by itself. */
export const guard = (): CloudFormationValidatePlugin =>
  new CloudFormationValidatePlugin({
    guardRules: Object.entries(guardRules).map(([name, content]) => ({ name, content })),
  });
