/**
 * A shorter way for the SDK's calls, in shared libraries: from the command to the cloud and back without putting them into
 * words. What decides what a function sees is the SDK's own: its retries, pauses and clock correction, its error classes,
 * idempotency tokens, credentials, timeouts and aborts. Whatever the short way does not know takes the long one.
 */
import { AwsSdkSigV4Signer } from '@aws-sdk/core/httpAuthSchemes';
import { Command, NoOpLogger } from '@smithy/core/client';
import { HttpResponse } from '@smithy/core/protocols';
import { retryMiddleware } from '@smithy/core/retry';
import { NormalizedSchema, operation } from '@smithy/core/schema';
import { v4 } from '@smithy/core/serde';
import { copyOf } from './copy.ts';
import { endpointOf, sendWithin } from './within.ts';

const { isDirect } = require('localcloud:wire');

/** What a client of the SDK has on its stack, by name. With anything else there, somebody wants to see the request. */
const USUAL = [
  'loggerMiddleware',
  'serializerMiddleware',
  'contentLengthMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'recursionDetectionMiddleware',
  'retryMiddleware',
  'httpSigningMiddleware',
  'deserializerMiddleware',
  'addPowertoolsToUserAgent',
];

const prototype: any = Command.prototype;
const longWay = prototype.resolveMiddlewareWithContext;

prototype.resolveMiddlewareWithContext = function (stack: any, config: any, options: any, details: any) {
  if (!isShort(stack, config, this)) return longWay.call(this, stack, config, options, details);
  const { clientName, commandName, smithyContext } = details;
  const context = {
    logger: config.logger,
    clientName,
    commandName,
    __smithy_context: { ...smithyContext, abortSignal: options?.abortSignal },
  };
  return () => call(this, { config, options, context });
};

const usual = new WeakMap<object, boolean>();

function isShort(stack: any, config: any, command: any): boolean {
  let known: boolean | undefined = usual.get(stack);
  if (known === undefined) {
    const names: string[] = stack.identify().map((name: string) => name.split(' ')[0]);
    known =
      names.every((name) => USUAL.includes(name)) &&
      isDirect(config.defaultSigningName) &&
      endpointOf(config) !== undefined &&
      (!config.logger || config.logger instanceof NoOpLogger) &&
      config.requestHandler.isDirect === true;
    usual.set(stack, known as boolean);
  }
  return known === true && command.middlewareStack.identify().length === 0 && command.input.EndpointId === undefined;
}

interface How {
  readonly config: any;
  readonly options: any;
  readonly context: any;
}

async function call(command: any, how: How): Promise<{ output: unknown }> {
  const { config, context } = how;
  const input = withTokens(command.schema, command.input);
  const attempt = () => once(command, input, how);
  return retryMiddleware(config)(attempt as any, context)({ input, request: undefined } as any) as any;
}

const tokens = new WeakMap<object, readonly string[]>();

/** As the SDK's serialiser does before the first attempt, so that a repeated one is known as the same. */
function withTokens(schema: any, input: any): any {
  let members = tokens.get(schema);
  if (!members) {
    members = [...NormalizedSchema.of(schema[4]).structIterator()]
      .filter(([, member]) => member.isIdempotencyToken())
      .map(([name]) => name);
    tokens.set(schema, members);
  }
  const missing = members.filter((name) => input[name] === undefined || input[name] === null);
  return missing.length === 0 ? input : { ...input, ...Object.fromEntries(missing.map((name) => [name, v4()])) };
}

const clock = new AwsSdkSigV4Signer();

async function once(command: any, input: any, { config, options, context }: How): Promise<any> {
  const { accessKeyId, secretAccessKey, sessionToken } = await config.credentials();
  if (!secretAccessKey) throw new Error('Resolved credential object is not valid');
  const region = await config.region();
  const sent = Date.now();
  const request = {
    service: config.defaultSigningName,
    region,
    action: command.schema[2],
    input: copyOf(input),
    accessKeyId,
    sessionToken,
    // A signature's time is in seconds.
    signedAt: Math.floor((sent + config.systemClockOffset) / 1000) * 1000,
  };
  const signing: any = { config, _requestSentAt: sent, _preRequestSystemClockOffset: config.systemClockOffset };
  const { requestId, date, output, refusal } = await sendWithin(config, request, options);
  if (refusal) {
    const headers = { ...refusal.headers, date: new Date(date).toUTCString() };
    const response = new HttpResponse({
      statusCode: refusal.status,
      reason: '',
      headers,
      body: Buffer.from(refusal.body),
    });
    return refuse(command, response, { config, context, signing });
  }
  // What the signer's success handler makes of the header `date`.
  if (Date.now() - sent <= 900_000) config.systemClockOffset = date - Date.now();
  const answer: any = copyOf(output);
  answer.$metadata = { httpStatusCode: 200, requestId };
  return { response: undefined, output: answer };
}

/** The SDK's own deserialiser makes the error, and its signer looks whether the clock was to blame. */
async function refuse(command: any, response: any, { config, context, signing }: any): Promise<never> {
  const [, namespace, name, traits, input, output] = command.schema;
  try {
    await config.protocol.deserializeResponse(
      operation(namespace, name, traits, input, output),
      { ...config, ...context },
      response,
    );
  } catch (error: any) {
    Object.defineProperty(error, '$response', { value: response, configurable: true });
    error.$metadata ??= { httpStatusCode: response.statusCode };
    return clock.errorHandler(signing)(error) as never;
  }
  throw new Error(`${name} was refused without an error`);
}
