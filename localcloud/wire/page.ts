/** What a browser or a health check finds: the two pages that need no signature. */
import { ACCOUNT, type Cloud } from '../cloud.ts';
import { serviceNames } from './fronts.ts';
import type { WireRequest, WireResponse } from './message.ts';

/** `GET /` and `GET /health`, unsigned; undefined for every other request. */
export function pageOf(cloud: Cloud, request: WireRequest, more: object = {}): WireResponse | undefined {
  if (request.method !== 'GET' || request.headers.authorization !== undefined) return undefined;
  if (request.path === '/')
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: about(cloud) };
  if (request.path !== '/health') return undefined;
  const health = {
    status: 'ok',
    account: ACCOUNT,
    regions: cloud.regions(),
    services: serviceNames,
    seed: cloud.seed,
    ...more,
  };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(health)}\n` };
}

const about = (cloud: Cloud): string => `local cloud: AWS on loopback

account   ${ACCOUNT}
regions   ${cloud.regions().join(', ') || 'none yet; a region exists once it is used'}
services  ${serviceNames.join(', ')}
seed      ${cloud.seed}

Point a client here and sign with the access key test and the secret test:
  AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --endpoint-url ${cloud.endpoint} --region eu-west-1 sqs list-queues
`;
