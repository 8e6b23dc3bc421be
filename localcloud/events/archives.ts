/** Archives: made, described, changed, deleted, listed. */
import type {
  CreateArchiveRequest,
  CreateArchiveResponse,
  DeleteArchiveRequest,
  DescribeArchiveRequest,
  DescribeArchiveResponse,
  ListArchivesRequest,
  ListArchivesResponse,
  UpdateArchiveRequest,
  UpdateArchiveResponse,
} from '@aws-sdk/client-eventbridge';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { archived } from './archive-event.ts';
import { page } from './pages.ts';
import { compilePattern } from './pattern/index.ts';
import { type Archive, arnOf, checkName, type Events, findBus, given, notFound } from './state.ts';

const PROPERTIES = ['ArchiveName', 'Description', 'EventPattern', 'RetentionDays', 'KmsKeyIdentifier'];

export const createArchive: Action<Events, CreateArchiveRequest, CreateArchiveResponse> = (input, state, context) => {
  refuseUnknown('events:CreateArchive', input, [...PROPERTIES, 'EventSourceArn']);
  const name = checkName(input.ArchiveName, 'archiveName', { most: 48 });
  if (state.archives.has(name)) {
    throw new ServiceError('ResourceAlreadyExistsException', `Archive ${name} already exists.`);
  }
  const bus = findBus(state, input.EventSourceArn);
  const archive: Archive = {
    name,
    arn: arnOf(state, `archive/${name}`),
    bus: bus.name,
    createdAt: context.now,
    retentionDays: 0,
    events: [],
  };
  change(archive, input);
  state.archives.set(name, archive);
  delete bus.wanted;
  return answer(archive);
};

/** UpdateArchive: what is not given is left as it is; what is archived stays. */
export const updateArchive: Action<Events, UpdateArchiveRequest, UpdateArchiveResponse> = (input, state) => {
  refuseUnknown('events:UpdateArchive', input, PROPERTIES);
  const archive = findArchive(state, input.ArchiveName);
  change(archive, input);
  delete findBus(state, archive.bus).wanted;
  return answer(archive);
};

export const deleteArchive: Action<Events, DeleteArchiveRequest, object> = (input, state) => {
  state.archives.delete(findArchive(state, input.ArchiveName).name);
  return {};
};

export const describeArchive: Action<Events, DescribeArchiveRequest, DescribeArchiveResponse> = (
  input,
  state,
  context,
) => {
  const archive = findArchive(state, input.ArchiveName);
  return {
    ...summary(archive, state, context.now),
    ArchiveArn: archive.arn,
    ...given({
      Description: archive.description,
      EventPattern: archive.patternText,
      KmsKeyIdentifier: archive.kmsKeyIdentifier,
    }),
  };
};

export const listArchives: Action<Events, ListArchivesRequest, ListArchivesResponse> = (input, state, context) => {
  const bus = input.EventSourceArn === undefined ? undefined : findBus(state, input.EventSourceArn).name;
  const found = [...state.archives.values()].filter(
    (archive) =>
      archive.name.startsWith(input.NamePrefix ?? '') &&
      (bus === undefined || archive.bus === bus) &&
      (input.State === undefined || input.State === 'ENABLED'),
  );
  const { items, ...next } = page(found, input);
  return { Archives: items.map((archive) => summary(archive, state, context.now)), ...next };
};

/** @throws ServiceError `ResourceNotFoundException` */
const findArchive = (state: Events, name: string | undefined): Archive =>
  state.archives.get(name ?? '') ?? notFound(`Archive ${name} does not exist.`);

function change(archive: Archive, input: Omit<UpdateArchiveRequest, 'ArchiveName'>): void {
  if (input.EventPattern !== undefined) {
    archive.pattern = compilePattern(input.EventPattern);
    archive.patternText = input.EventPattern;
  }
  if (input.Description !== undefined) archive.description = input.Description;
  if (input.RetentionDays !== undefined) archive.retentionDays = input.RetentionDays;
  if (input.KmsKeyIdentifier !== undefined) archive.kmsKeyIdentifier = input.KmsKeyIdentifier;
}

const answer = (archive: Archive) => ({
  ArchiveArn: archive.arn,
  State: 'ENABLED' as const,
  CreationTime: new Date(archive.createdAt),
});

function summary(archive: Archive, state: Events, now: number) {
  const events = archived(archive, now);
  return {
    ArchiveName: archive.name,
    EventSourceArn: arnOf(state, `event-bus/${archive.bus}`),
    State: 'ENABLED' as const,
    RetentionDays: archive.retentionDays,
    SizeBytes: events.reduce((sum, { bytes }) => sum + bytes, 0),
    EventCount: events.length,
    CreationTime: new Date(archive.createdAt),
  };
}
