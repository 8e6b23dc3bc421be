import { describe, expect, it } from 'vitest';
import { evaluate, NO_VALUE, type Scope, truth } from '../../../localcloud/stack/intrinsics.ts';
import { createScope } from '../../../localcloud/stack/scope.ts';
import type { Template } from '../../../localcloud/stack/template.ts';

const scopeOf = (template: Partial<Template> = {}): Scope =>
  createScope({
    template: {
      Mappings: { Sizes: { 'eu-west-1': { small: 10, zones: ['a', 'b'] } } },
      Conditions: {
        IsWest: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
        IsLarge: { 'Fn::Equals': [{ Ref: 'Size' }, '20'] },
        Both: { 'Fn::And': [{ Condition: 'IsWest' }, { 'Fn::Not': [{ Condition: 'IsLarge' }] }] },
        Either: { 'Fn::Or': [{ Condition: 'IsLarge' }, { 'Fn::Equals': ['a', 'b'] }] },
        Circle: { 'Fn::Not': [{ Condition: 'Circle' }] },
      },
      Resources: {},
      ...template,
    },
    stackName: 'shop',
    stackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1',
    region: 'eu-west-1',
    account: '123456789012',
    parameters: new Map<string, unknown>([
      ['Size', 10],
      ['Names', ['x', 'y']],
    ]),
    resources: new Map([['Queue', { ref: 'http://q', attributes: { Arn: 'arn:q', 'Deep.Name': 'deep' } }]]),
    exported: (name) => `exported ${name}`,
  });

const value = (given: unknown) => evaluate(given, scopeOf(), 'here');

describe('intrinsic functions', () => {
  it.each<[string, unknown, unknown]>([
    ['Ref of a resource', { Ref: 'Queue' }, 'http://q'],
    ['Ref of a parameter', { Ref: 'Size' }, 10],
    ['Ref of AWS::Region', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['Ref of AWS::AccountId', { Ref: 'AWS::AccountId' }, '123456789012'],
    ['Ref of AWS::Partition', { Ref: 'AWS::Partition' }, 'aws'],
    ['Ref of AWS::URLSuffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    ['Ref of AWS::StackName', { Ref: 'AWS::StackName' }, 'shop'],
    ['Ref of AWS::StackId', { Ref: 'AWS::StackId' }, 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1'],
    ['Ref of AWS::NotificationARNs', { Ref: 'AWS::NotificationARNs' }, []],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:q'],
    ['GetAtt as a string', { 'Fn::GetAtt': 'Queue.Deep.Name' }, 'deep'],
    ['GetAtt whose attribute is a Ref', { 'Fn::GetAtt': ['Queue', { 'Fn::Join': ['', ['A', 'rn']] }] }, 'arn:q'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Size' }, 'b']] }, 'a-10-b'],
    ['Join of a list that is a parameter', { 'Fn::Join': ['+', { Ref: 'Names' }] }, 'x+y'],
    ['Join without what is no value', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a-b'],
    ['Sub', { 'Fn::Sub': '${Queue} ${Queue.Arn} ${AWS::Region} ${!Literal}' }, 'http://q arn:q eu-west-1 ${Literal}'],
    ['Sub with values', { 'Fn::Sub': ['${A} ${Size}', { A: { Ref: 'Queue' } }] }, 'http://q 10'],
    ['Select', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['Select of Split', { 'Fn::Select': [2, { 'Fn::Split': [':', 'a:b:c'] }] }, 'c'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'small'] }, 10],
    ['FindInMap with a default', { 'Fn::FindInMap': ['Sizes', 'moon', 'small', { DefaultValue: 7 }] }, 7],
    ['If, where it holds', { 'Fn::If': ['IsWest', 'yes', { Ref: 'Nowhere' }] }, 'yes'],
    ['If, where it does not', { 'Fn::If': ['IsLarge', { Ref: 'Nowhere' }, 'no'] }, 'no'],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${AWS::StackName}-key' } }, 'exported shop-key'],
    ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
  ])('evaluates %s', (_, given, expected) => {
    expect(value(given)).toEqual(expected);
  });

  it('leaves out a property and an item that have no value', () => {
    const none = { Ref: 'AWS::NoValue' };
    expect(value({ kept: 1, gone: none, list: [1, none, { 'Fn::If': ['IsLarge', 2, none] }] })).toEqual({
      kept: 1,
      list: [1],
    });
    expect(value(none)).toBe(NO_VALUE);
  });

  it('leaves data alone that only looks like a function', () => {
    const pattern = { amount: [{ numeric: ['>', 0] }], Ref: ['x'], other: [{ exists: false }] };
    expect(value(pattern)).toEqual(pattern);
  });

  it('evaluates conditions that refer to conditions', () => {
    const { condition } = scopeOf();
    expect(['IsWest', 'IsLarge', 'Both', 'Either'].map(condition)).toEqual([true, false, true, false]);
    expect(truth({ Condition: 'Both' }, scopeOf(), 'here')).toBe(true);
  });

  it('refuses conditions in a circle and conditions that are not there', () => {
    expect(() => scopeOf().condition('Circle')).toThrow('Circular dependency between conditions: [Circle]');
    expect(() => scopeOf().condition('Absent')).toThrow('Unresolved condition Absent');
  });

  it.each<[string, unknown]>([
    ['Fn::GetAZs', { 'Fn::GetAZs': '' }],
    ['Fn::Cidr', { 'Fn::Cidr': [] }],
    ['Fn::Transform', { 'Fn::Transform': {} }],
    ['Fn::GetStackOutput', { 'Fn::GetStackOutput': {} }],
  ])('refuses %s by name and says where', (name, given) => {
    const refused = () => value({ list: [given] });
    expect(refused).toThrow(`here/list/0: the local cloud does not support ${name}`);
    expect(refused).toThrow(expect.objectContaining({ code: 'NotImplemented', status: 501 }));
  });

  it.each<[string, unknown, string]>([
    ['a Ref to nothing', { Ref: 'Nowhere' }, 'Unresolved resource dependencies [Nowhere]'],
    [
      'an attribute that is not there',
      { 'Fn::GetAtt': ['Queue', 'Colour'] },
      'Queue does not support attribute type Colour',
    ],
    ['an index beyond the list', { 'Fn::Select': [5, ['a']] }, 'cannot select nonexistent value at index 5'],
    [
      'a key that is not mapped',
      { 'Fn::FindInMap': ['Sizes', 'moon', 'small'] },
      'Unable to get mapping for Sizes::moon::small',
    ],
    ['a Join of an object', { 'Fn::Join': ['', [{ a: 1 }]] }, 'here/Fn::Join: expected a string'],
    ['a Sub of a number', { 'Fn::Sub': 1 }, 'here/Fn::Sub: expected a string'],
    ['a GetAtt without attribute', { 'Fn::GetAtt': 'Queue' }, 'here/Fn::GetAtt: expected "LogicalId.Attribute"'],
    ['a function beside other members', { 'Fn::Sub': 'a', other: 1 }, 'Fn::Sub must be the only member'],
  ])('says where the mistake is: %s', (_, given, message) => {
    expect(() => value(given)).toThrow(message);
  });
});
