import type { Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { shiftByCodeDeploy } from './alias-shift.ts';
import { pick } from './properties.ts';

/** CloudFormation lists what the action maps. */
const routing = ({ RoutingConfig }: Properties) => ({
  AdditionalVersionWeights: Object.fromEntries(
    ((RoutingConfig?.AdditionalVersionWeights ?? []) as Properties[]).map((one) => [
      one.FunctionVersion,
      one.FunctionWeight,
    ]),
  ),
});

/** `Ref` is the ARN of the alias. */
export const lambdaAlias: ResourceType = {
  type: 'AWS::Lambda::Alias',
  properties: ['Description', 'FunctionName', 'FunctionVersion', 'Name', 'RoutingConfig'],
  attributes: ['AliasArn'],
  replacement: ['FunctionName', 'Name'],
  create(properties, context) {
    const { AliasArn } = context.call('lambda', 'CreateAlias', {
      ...pick(properties, ['Description', 'FunctionName', 'FunctionVersion', 'Name']),
      ...(properties.RoutingConfig ? { RoutingConfig: routing(properties) } : {}),
    });
    return { ref: AliasArn, attributes: { AliasArn } };
  },
  update(properties, existing, context) {
    const { Description = '', FunctionName, FunctionVersion, Name } = properties;
    const RoutingConfig = routing(properties);
    context.call('lambda', 'UpdateAlias', { Description, FunctionName, FunctionVersion, Name, RoutingConfig });
    return existing;
  },
  gradually: shiftByCodeDeploy,
  remove: ({ properties }, context: ResourceContext) =>
    void context.call('lambda', 'DeleteAlias', pick(properties, ['FunctionName', 'Name'])),
};
