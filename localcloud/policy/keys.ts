/** The condition keys that every request has, whatever it asks (IAM User Guide, "AWS global condition context keys"). */
import type { Call, Principal } from '../service.ts';
import type { Demand } from './demand.ts';
import type { Given, Lookup } from './lookup.ts';
import type { Caller } from './principals.ts';

export interface Setting {
  readonly call: Call;
  readonly demand: Demand;
  readonly caller: Caller;
  readonly principal: Principal;
  readonly now: number;
}

/** A lookup over a request's keys. Nothing is computed before a condition asks. */
export function lookupIn(setting: Setting): Lookup {
  const own = setting.demand.keys;
  return (key) => {
    const value = own?.[key];
    if (value !== undefined) return typeof value === 'function' ? value() : value;
    return key.startsWith('aws:') ? globalKey(key, setting) : undefined;
  };
}

function globalKey(key: string, { call, caller, principal, now }: Setting): Given {
  const isService = caller.kind === 'service';
  switch (key) {
    case 'aws:principalarn':
      return caller.arn;
    case 'aws:principalaccount':
      return isService ? undefined : caller.account;
    case 'aws:principaltype':
      return isService ? undefined : caller.kind === 'role' ? 'AssumedRole' : 'User';
    case 'aws:principalisawsservice':
      return String(isService);
    case 'aws:principalservicename':
      return isService ? caller.name : undefined;
    case 'aws:username':
      return caller.kind === 'admin' ? caller.name.slice(caller.name.lastIndexOf('/') + 1) : undefined;
    case 'aws:userid':
      return principal.kind === 'role' ? `${principal.role}:${principal.session}` : undefined;
    case 'aws:sourcearn':
      return caller.sourceArn;
    case 'aws:sourceaccount':
      return isService ? caller.account : undefined;
    // SNS's own, older word for the account of who asks.
    case 'aws:sourceowner':
    case 'aws:resourceaccount':
      return caller.account;
    // The local wire stands in for TLS: what comes by loopback has never been on a network.
    case 'aws:securetransport':
      return 'true';
    case 'aws:sourceip':
      return isService ? undefined : '127.0.0.1';
    case 'aws:requestedregion':
      return call.region;
    case 'aws:viaawsservice':
      return 'false';
    case 'aws:currenttime':
      return new Date(now).toISOString();
    case 'aws:epochtime':
      return String(Math.floor(now / 1000));
    default:
      return key.startsWith('aws:principaltag/') ? tagOf(caller, key.slice('aws:principaltag/'.length)) : undefined;
  }
}

/** The names of tags know no case in condition keys. */
function tagOf({ tags }: Caller, name: string): Given {
  for (const [key, value] of tags ?? []) if (key.toLowerCase() === name) return value;
  return undefined;
}
