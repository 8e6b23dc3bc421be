import { describe, expect, it } from 'vitest';
import { dependencies, sortByDependency } from '../../../localcloud/stack/order.ts';
import type { ResourceDefinition } from '../../../localcloud/stack/template.ts';

const order = (resources: Record<string, Partial<ResourceDefinition>>, condition = (_: string) => true) =>
  sortByDependency(dependencies(new Map(Object.entries(resources)) as Map<string, ResourceDefinition>, condition));

describe('the order of resources', () => {
  it('is the order of the template where nothing depends on anything', () => {
    expect(order({ B: {}, A: {}, C: {} })).toEqual(['B', 'A', 'C']);
  });

  it.each<[string, object]>([
    ['Ref', { x: { Ref: 'Last' } }],
    ['GetAtt as a list', { x: [{ 'Fn::GetAtt': ['Last', 'Arn'] }] }],
    ['GetAtt as a string', { x: { 'Fn::GetAtt': 'Last.Arn' } }],
    ['Sub', { x: { 'Fn::Sub': 'a ${Last} b' } }],
    ['Sub of an attribute', { x: { 'Fn::Sub': 'a ${Last.Arn} b' } }],
    ['Sub with values', { x: { 'Fn::Sub': ['${A}', { A: { Ref: 'Last' } }] } }],
    [
      'a function within a function',
      { x: { 'Fn::Join': ['', [{ 'Fn::Select': [0, { 'Fn::Split': ['/', { Ref: 'Last' }] }] }]] } },
    ],
  ])('puts a resource after one it names by %s', (_, Properties) => {
    expect(order({ First: { Properties: Properties as any }, Last: {} })).toEqual(['Last', 'First']);
  });

  it('follows DependsOn, one or several', () => {
    expect(order({ A: { DependsOn: 'C' }, B: { DependsOn: ['A', 'C'] }, C: {} })).toEqual(['C', 'A', 'B']);
  });

  it('does not depend on a name that Sub takes literally or has a value for', () => {
    const Properties = { x: { 'Fn::Sub': ['${!Last} ${Last}', { Last: 1 }] } };
    expect(order({ First: { Properties }, Last: {} })).toEqual(['First', 'Last']);
  });

  it('depends only on the branch of Fn::If that counts', () => {
    const Properties = { x: { 'Fn::If': ['Wanted', { Ref: 'Yes' }, { Ref: 'No' }] } };
    expect(order({ A: { Properties }, Yes: {}, No: {} }, () => true)).toEqual(['Yes', 'A', 'No']);
    expect(order({ A: { Properties }, Yes: {}, No: {} }, () => false)).toEqual(['No', 'A', 'Yes']);
  });

  it('reports the members of a circle, and only those', () => {
    const circle = {
      Start: { DependsOn: 'A' },
      A: { DependsOn: 'B' },
      B: { Properties: { x: { Ref: 'C' } } },
      C: { DependsOn: 'A' },
    };
    expect(() => order(circle)).toThrow('Circular dependency between resources: [A, B, C]');
  });
});
