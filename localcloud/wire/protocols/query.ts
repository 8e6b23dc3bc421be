/** The query protocol: a form goes in, XML comes out. STS, IAM, SNS and CloudFormation speak it; old clients of SQS and CloudWatch do. */
import { ServiceError } from '../../service.ts';
import { nameError } from '../error-codes.ts';
import { textOf, type WireRequest } from '../message.ts';
import { named } from './json.ts';
import type { Protocol } from './protocol.ts';
import { fromForm, treeOf } from './query-values.ts';
import { escaped, toXml, wrap } from './xml.ts';

export const query: Protocol = {
  find(request, front) {
    const action = formOf(request, request.body).get('Action');
    if (action === null) throw new ServiceError('MissingAction', 'the form has no Action');
    return named(front, action);
  },

  read(request, body, operation) {
    const form = formOf(request, body);
    form.delete('Action');
    form.delete('Version');
    const input = fromForm(treeOf(form), operation.input);
    // A queue's old clients send to its URL and say no more of it.
    const wantsQueue = operation.input.kind === 'structure' && operation.input.members.has('QueueUrl');
    const [path = '/'] = request.path.split('?');
    return wantsQueue && input.QueueUrl === undefined && path !== '/' ? { QueueUrl: path, ...input } : input;
  },

  write(output, { front, operation }, { requestId }) {
    const result =
      operation.output.kind === 'nothing' ? '' : wrap(`${operation.name}Result`, toXml(output, operation.output));
    const metadata = wrap('ResponseMetadata', wrap('RequestId', requestId));
    return xml(
      200,
      requestId,
      `<${operation.name}Response xmlns="${front.namespace}">${result}${metadata}</${operation.name}Response>`,
    );
  },

  refuse(error, front, { requestId }) {
    const { queryCode, status, fault, model } = nameError(front?.service, error);
    const members = wrap('Type', fault) + wrap('Code', escaped(queryCode)) + wrap('Message', escaped(error.message));
    const more = model ? toXml(error.fields, model.shape) : '';
    const namespace = front?.namespace === undefined ? '' : ` xmlns="${front.namespace}"`;
    const body = wrap('Error', members + more) + wrap('RequestId', requestId);
    return xml(status, requestId, `<ErrorResponse${namespace}>${body}</ErrorResponse>`);
  },
};

const xml = (status: number, requestId: string, body: string) => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body: `<?xml version="1.0"?>\n${body}\n`,
});

/** The parameters: the body of a POST, the query of a GET. */
function formOf(request: WireRequest, body: Uint8Array): URLSearchParams {
  const mark = request.path.indexOf('?');
  return new URLSearchParams(request.method === 'GET' && mark >= 0 ? request.path.slice(mark + 1) : textOf(body));
}
