import type { Notes } from '../coverage.ts';

const servers = 'it is about servers or containers; only Lambda is deployed to, and their settings are refused by name';
const triggers = 'triggers are refused by name';
const tags = 'tags are refused by name';
const endless = 'there may be as many as one likes';

export const notes: Notes = {
  client: '@aws-sdk/client-codedeploy',
  neverRaised: {
    ThrottlingException: 'the local cloud limits no rate of requests',
    ApplicationLimitExceededException: endless,
    DeploymentGroupLimitExceededException: endless,
    InvalidTagsToAddException: tags,
    ECSServiceMappingLimitExceededException: servers,
    InvalidAutoScalingGroupException: servers,
    InvalidBlueGreenDeploymentConfigurationException: servers,
    InvalidEC2TagCombinationException: servers,
    InvalidEC2TagException: servers,
    InvalidECSServiceException: servers,
    InvalidFileExistsBehaviorException: servers,
    InvalidIgnoreApplicationStopFailuresValueException: servers,
    InvalidLoadBalancerInfoException: servers,
    InvalidOnPremisesTagCombinationException: servers,
    InvalidTagException: servers,
    InvalidTargetGroupPairException: servers,
    InvalidTargetInstancesException: servers,
    InvalidUpdateOutdatedInstancesOnlyValueException: servers,
    LifecycleHookLimitExceededException: servers,
    TagSetListLimitExceededException: servers,
    UnsupportedActionForDeploymentTypeException: servers,
    InvalidTriggerConfigException: triggers,
    TriggerTargetsLimitExceededException: triggers,
    InvalidInputException: 'what it would say is said by an error of its own, or refused by name',
    InvalidTrafficRoutingConfigurationException: 'deployment configurations of one’s own are refused by name',
    InvalidGitHubAccountTokenException: 'revisions lie in the request; other places are refused by name',
    RevisionDoesNotExistException: 'a revision is not registered: it lies in the request',
    'CreateDeployment!AlarmsLimitExceededException': 'alarms of a single deployment are refused by name',
    'CreateDeployment!InvalidAlarmConfigException': 'alarms of a single deployment are refused by name',
    'CreateDeployment!InvalidComputePlatformException': 'there are applications of Lambda only',
    'CreateDeployment!InvalidRoleException':
      'the role is looked at when the group is made; what it may not do ends the deployment',
    'DeleteApplication!InvalidRoleException': 'nothing is called when an application is deleted',
    'DeleteDeploymentGroup!InvalidRoleException': 'nothing is called when a group is deleted',
    'GetDeploymentGroup!DeploymentConfigDoesNotExistException': 'predefined configurations do not go away',
    'StopDeployment!DeploymentGroupDoesNotExistException':
      'without its group a deployment ends by itself, and is then already completed',
  },
  differences: [
    'Only the compute platform Lambda is there, with its predefined deployment configurations; all else is refused by name.',
    'A revision is an AppSpec in the request, as JSON; YAML, S3, GitHub and registered revisions are refused by name.',
    'Alarms are looked at when a deployment begins and every 15 seconds from then on; AWS does not say how often it does. An alarm that is on when the deployment begins stops it, which the user guide does not say in so many words.',
    'A hook is invoked asynchronously: one that crashes is tried again twice by Lambda, and the deployment waits for its word for an hour.',
    'A rollback is a single step, over when the deployment that it follows is.',
    'CreateDeployment and StopDeployment take effect at once; no deployment is ever Queued or Ready.',
  ],
};
