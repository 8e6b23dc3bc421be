/** A copy as it would come out of JSON: what one side keeps, the other cannot change. */
export function copyOf<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  if (value instanceof Uint8Array) return value.slice() as Value;
  if (value instanceof Date) return new Date(value.getTime()) as Value;
  const copy: any = {};
  for (const name of Object.keys(value)) {
    const member = (value as any)[name];
    if (member !== undefined && member !== null) copy[name] = typeof member === 'object' ? copyOf(member) : member;
  }
  return copy;
}
