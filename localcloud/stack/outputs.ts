/** A stack's outputs and exports, and what other stacks hold of them. */
import type { Deployment } from './deployment.ts';
import { evaluate } from './intrinsics.ts';
import { exportsOf, importersOf, type Output } from './state.ts';
import { invalid, type Template } from './template.ts';

/**
 * @throws ServiceError `ValidationError` when an export is taken by another stack, or is in use and would change
 */
export function evaluateOutputs(template: Template, { scope, stack, state }: Deployment): Output[] {
  const outputs: Output[] = [];
  for (const [key, definition] of Object.entries(template.Outputs ?? {})) {
    if (definition.Condition !== undefined && !scope.condition(definition.Condition)) continue;
    const value = evaluate(definition.Value, scope, `Outputs/${key}/Value`);
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw invalid(
        `Template format error: Output ${key} is malformed. The Value field of every Outputs member must evaluate to a String.`,
      );
    }
    const exportName =
      definition.Export && String(evaluate(definition.Export.Name, scope, `Outputs/${key}/Export/Name`));
    outputs.push({
      key,
      value: String(value),
      ...(definition.Description === undefined ? {} : { description: definition.Description }),
      ...(exportName === undefined ? {} : { exportName }),
    });
  }
  refuseTakenExports(outputs, { stack, state });
  refuseChangedExports(outputs, { stack, state });
  return outputs;
}

type Held = Pick<Deployment, 'stack' | 'state'>;

function refuseTakenExports(outputs: readonly Output[], { stack, state }: Held): void {
  for (const { stack: owner, name } of exportsOf(state)) {
    if (owner === stack || !outputs.some(({ exportName }) => exportName === name)) continue;
    throw invalid(`Export with name ${name} is already exported by stack ${owner.name}`);
  }
}

function refuseChangedExports(outputs: readonly Output[], { stack, state }: Held): void {
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined) continue;
    const importers = importersOf(state, exportName).filter((name) => name !== stack.name);
    const after = outputs.find((output) => output.exportName === exportName);
    if (importers.length === 0 || after?.value === value) continue;
    const what = after === undefined ? 'deleted' : 'updated';
    throw invalid(`Export ${exportName} cannot be ${what} as it is in use by ${importers.join(', ')}`);
  }
}
