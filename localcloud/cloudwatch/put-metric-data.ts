import type { Dimension, MetricDatum, PutMetricDataInput } from '@aws-sdk/client-cloudwatch';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { record, type Sample } from './series.ts';
import type { Monitoring } from './state.ts';
import { DAY, HOUR, invalidValue, milliseconds, missing } from './time.ts';
import { checkUnit } from './units.ts';

const DATUM = [
  'MetricName',
  'Dimensions',
  'Timestamp',
  'Value',
  'StatisticValues',
  'Values',
  'Counts',
  'Unit',
  'StorageResolution',
];

/**
 * PutMetricData. All of a request or nothing; at most 1,000 metrics (CloudWatch quotas). High resolution is accepted
 * and kept by the minute: what would read it by the second is refused.
 */
export const putMetricData: Action<Monitoring, PutMetricDataInput, object> = (input, state, context) => {
  refuseUnknown('monitoring:PutMetricData', input, ['Namespace', 'MetricData']);
  const { Namespace: namespace, MetricData: data = [] } = input;
  if (!namespace) throw missing('Namespace');
  // Only AWS's own services may write under AWS/ (API reference, PutMetricData).
  if (namespace.length > 255 || (namespace.startsWith('AWS/') && context.principal.kind !== 'service')) {
    throw invalidValue('Namespace', namespace);
  }
  if (data.length > 1000)
    throw new ServiceError(
      'InvalidParameterValueException',
      'The collection MetricData must not have a size greater than 1000.',
    );
  let index = 0;
  const where = () => `MetricData.member.${index + 1}`;
  for (index = 0; index < data.length; index++) check(data[index]!, where, context);
  for (index = 0; index < data.length; index++) {
    const { MetricName, Dimensions: dimensions = NONE, Timestamp, Unit: unit = 'None' } = data[index]!;
    const at = Timestamp === undefined ? context.now : milliseconds(Timestamp, 'Timestamp');
    const samples = samplesOf(data[index]!, where);
    record(state.series, { namespace, name: MetricName!, dimensions }, { unit, at, now: context.now, samples });
  }
  return {};
};

const NONE: Dimension[] = [];

/** Says which datum is meant, if one is to be refused. */
type Where = () => string;

function check(datum: MetricDatum, where: Where, { now }: Context): void {
  refuseUnknown('monitoring:PutMetricData MetricData', datum, DATUM);
  const { MetricName: name, Dimensions: dimensions, Timestamp: timestamp, StorageResolution: resolution = 60 } = datum;
  if (!name) throw missing(`${where()}.MetricName`);
  if (name.length > 255) throw invalidValue(`${where()}.MetricName`, name);
  if (resolution !== 1 && resolution !== 60) throw invalidValue(`${where()}.StorageResolution`, resolution);
  const at = timestamp === undefined ? now : milliseconds(timestamp, `${where()}.Timestamp`);
  if (at < now - 14 * DAY) {
    throw refused(`The parameter ${where()}.Timestamp must specify a time within the past two weeks.`);
  }
  if (at > now + 2 * HOUR) {
    throw refused(`The parameter ${where()}.Timestamp must specify a time no more than two hours in the future.`);
  }
  if (dimensions !== undefined) checkDimensions(dimensions, where);
  if (datum.Unit !== undefined) checkUnit(datum.Unit, () => `${where()}.Unit`);
  samplesOf(datum, where);
}

/** At most 30 dimensions, each with a value (API reference, Dimension). */
export function checkDimensions(dimensions: readonly Dimension[], where: () => string): readonly Dimension[] {
  if (dimensions.length > 30) throw invalidValue(`${where()}.Dimensions`, `of ${dimensions.length}`);
  for (const { Name, Value } of dimensions) {
    if (!Name || Name.length > 255 || Name.startsWith(':')) throw invalidValue(`${where()}.Dimensions.Name`, Name);
    if (!Value || Value.length > 1024) throw invalidValue(`${where()}.Dimensions.Value`, Value);
  }
  if (dimensions.length > 1 && new Set(dimensions.map(({ Name }) => Name)).size < dimensions.length) {
    throw invalidValue(`${where()}.Dimensions`, 'with a name twice');
  }
  return dimensions;
}

function samplesOf(datum: MetricDatum, where: Where): readonly Sample[] {
  const { Value: value, Values: values, Counts: counts, StatisticValues: set } = datum;
  if (value !== undefined && values === undefined && set === undefined) {
    if (!isInRange(value)) throw invalidValue(`${where()}.Value`, value);
    return value === 0 ? ZERO : [{ value, count: 1 }];
  }
  const [one, another] = (['Value', 'Values', 'StatisticValues'] as const).filter((way) => datum[way] !== undefined);
  if (one === undefined) {
    throw new ServiceError(
      'MissingRequiredParameterException',
      `At least one of the parameters ${where()}.Value, ${where()}.Values or ${where()}.StatisticValues must be specified.`,
    );
  }
  if (another !== undefined) {
    throw new ServiceError(
      'InvalidParameterCombinationException',
      `The parameters ${where()}.${one} and ${where()}.${another} are mutually exclusive and you have specified both.`,
    );
  }
  if (set !== undefined) {
    const { SampleCount: count, Sum: sum, Minimum: minimum, Maximum: maximum } = set;
    for (const each of [count, sum, minimum, maximum]) finite(each, `${where()}.StatisticValues`);
    const within = `${where()}.StatisticValues`;
    if (count! <= 0) throw refused(`The parameter ${within}.SampleCount must be greater than 0.`);
    if (minimum! > maximum!) throw refused(`The parameter ${within}.Maximum must be greater than ${within}.Minimum.`);
    return [{ set: { count: count!, sum: sum!, minimum: minimum!, maximum: maximum! } }];
  }
  if (values!.length > 150) throw invalidValue(`${where()}.Values`, `of ${values!.length}`);
  if (counts !== undefined && counts.length !== values!.length) {
    throw refused(`The parameters ${where()}.Values and ${where()}.Counts must be of the same size.`);
  }
  const samples = values!.map((each, index) => ({
    value: finite(each, `${where()}.Values`),
    count: finite(counts?.[index] ?? 1, `${where()}.Counts`),
  }));
  return samples.filter(({ count }) => count > 0);
}

const refused = (message: string) => new ServiceError('InvalidParameterValueException', message);

/** What most metrics of most minutes say. */
const ZERO: readonly Sample[] = [{ value: 0, count: 1 }];

/** NaN and infinity are refused, and what is beyond 2^360 either way (API reference, MetricDatum). */
const isInRange = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= 2 ** 360;

function finite(value: number | undefined, where: string): number {
  if (isInRange(value)) return value;
  throw invalidValue(where, value);
}
