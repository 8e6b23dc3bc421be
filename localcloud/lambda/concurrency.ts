/** Reserved concurrency: how many invocations of a function may run at once; zero switches it off. */
import type {
  Concurrency,
  DeleteFunctionConcurrencyRequest,
  GetFunctionConcurrencyRequest,
  PutFunctionConcurrencyRequest,
} from '@aws-sdk/client-lambda';
import { type Action, refuseUnknown } from '../service.ts';
import { findFunction, invalid, parseFunctionName } from './names.ts';
import type { Lambda } from './state.ts';

/** Invocations at once in an account's region, and how many must stay for functions without a reservation (Lambda Developer Guide, "Configuring reserved concurrency"). */
const ACCOUNT_LIMIT = 1000;
const LEFT_FOR_OTHERS = 100;

export const putFunctionConcurrency: Action<Lambda, PutFunctionConcurrencyRequest, Concurrency> = (
  input,
  state,
  context,
) => {
  refuseUnknown('lambda:PutFunctionConcurrency', input, ['FunctionName', 'ReservedConcurrentExecutions']);
  const reserved = input.ReservedConcurrentExecutions;
  if (reserved === undefined || !Number.isInteger(reserved) || reserved < 0) {
    throw invalid(`ReservedConcurrentExecutions must be a whole number of 0 or more, not ${reserved}`);
  }
  const found = findFunction(state, context, parseFunctionName(input.FunctionName).name);
  let others = 0;
  for (const other of state.functions.values()) if (other !== found) others += other.reserved ?? 0;
  if (ACCOUNT_LIMIT - others - reserved < LEFT_FOR_OTHERS) {
    throw invalid(
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEFT_FOR_OTHERS}].`,
    );
  }
  found.reserved = reserved;
  return { ReservedConcurrentExecutions: reserved };
};

export const getFunctionConcurrency: Action<Lambda, GetFunctionConcurrencyRequest, Concurrency> = (
  input,
  state,
  context,
) => {
  refuseUnknown('lambda:GetFunctionConcurrency', input, ['FunctionName']);
  const { reserved } = findFunction(state, context, parseFunctionName(input.FunctionName).name);
  return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
};

export const deleteFunctionConcurrency: Action<Lambda, DeleteFunctionConcurrencyRequest, object> = (
  input,
  state,
  context,
) => {
  refuseUnknown('lambda:DeleteFunctionConcurrency', input, ['FunctionName']);
  findFunction(state, context, parseFunctionName(input.FunctionName).name).reserved = undefined;
  return {};
};
