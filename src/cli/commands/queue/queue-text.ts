import { formatDuration, formatMoment, formatUsdPerHour } from '../../../core/base/text/format'
import { NEW_KEY_CONSEQUENCE } from '../../../core/queue/schedule/new-key-text'
import { plainText } from '../../../core/base/text/plain-text'
import { withNothing } from '../../output/nothing-text'

/** What became of a job, and why nothing did. */
export const exportText = {
  nothing: 'No job is waiting, so nothing was written.',
  noPreset: (name: string) => `There is no preset ${name}. Nothing was written.`,
  exists: (path: string) => `${path} is there already, and no file is replaced.`,
  notWritten: (path: string, why: string) => `${path} could not be written: ${why}.`,
  written: (path: string, notes: number) =>
    notes === 1 ? `${path}: 1 note in it` : `${path}: ${notes} notes in it`,
  stays: 'The jobs stay in the queue here. Remove or hold those that another engine runs.',
  head: (name: string) => `The job ${name} of Podkeeper. Read these notes first:`,
} as const

export const queueText = {
  nobodyRuns: 'No Podkeeper runs jobs on this data folder. Start the app or podkeeper watch.',
  empty: 'The queue is empty. To add a job, run podkeeper queue add -- COMMAND',
  added: (job: string, id: string) => `Added ${job} (${id}).`,
  moved: (job: string) => `Moved ${job}.`,
  removed: (job: string) => `Removed ${job}.`,
  canceled: (job: string) => `Canceled ${job}.`,
  canceling: (job: string) => `${job} is being canceled: it gets TERM, and KILL after 15 s.`,
  held: (job: string) => `${job} is on hold.`,
  waits: (job: string) => `${job} waits in the queue.`,
  starting: (job: string, pod: string | undefined) => `${job} is being started on ${pod ?? 'the pod'}.`,
  fetched: (count: number, folder: string) => `${count} ${count === 1 ? 'file' : 'files'} in ${folder}`,
  noJob: (query: string) => withNothing(`There is no job ${plainText(query)}.`, 'done'),
  severalJobs: (query: string, ids: readonly string[]) =>
    withNothing(`Several jobs are called ${plainText(query)}: ${ids.join(', ')}. Use the id of one.`, 'done'),
  noPod: (query: string) => withNothing(`There is no pod ${plainText(query)}.`, 'done'),
  severalPods: (query: string) =>
    withNothing(`Several pods are called ${plainText(query)}. Use the id of one.`, 'done'),
} as const

/** Of a job in the list. */
export const jobLineText = {
  fits: (pods: readonly string[]) => `fits ${pods.join(', ')}`,
  takes: (ms: number) => `about ${formatDuration(ms)}`,
  canceling: 'Being canceled',
  starting: 'Starting',
  acceptedKey: (fingerprint: string) => `Host key accepted: ${fingerprint}`,
  unknownSince: (sinceMs: number, nowMs: number, why: string | null) =>
    `Unknown since ${formatMoment(sinceMs, { nowMs })}${why === null ? '' : `: ${why}`}`,
} as const

/** Why a job can’t be added. */
export const jobProblemText = {
  noCommand: 'Add the command after --, such as: podkeeper queue add -- python train.py',
  noResultsFolder:
    'With --on-success stop, choose a folder for the results with --to: they are fetched before the pod is stopped.',
  /** `field`: of the job; null: not known. */
  invalid: (field: string | null) => `The job is not valid (${field ?? 'job'}).`,
} as const

/** Where jobs start automatically. */
export const scheduleText = {
  startNeedsPod: 'With --start, choose a pod.',
  presetNeedsAccount: 'With --preset, choose the account with --account.',
  priceNeeded: 'Use --max-price with --start or --preset: it limits what the pod may cost per hour.',
  newKeyNeedsPod: 'Use --accept-new-key with --start or --preset, where auto-schedule is turned on.',
  acceptsNewKey: `The host key that it shows first is accepted for its jobs. ${NEW_KEY_CONSEQUENCE}`,
  startKey:
    'A new host key is not accepted: the job waits for you, and a pod whose key is not trusted or changed last time is not started (--accept-new-key).',
  createKey: 'Nothing is created, because nobody accepted the host key of a new pod (--accept-new-key).',
  noPreset: (name: string) => `There is no preset ${plainText(name)}.`,
  account: (id: string) => `account ${id}`,
  off: 'Auto-schedule is off.',
  on: (where: readonly string[]) => `Auto-schedule is on for ${where.join(', ')}.`,
  startsPod: (pod: string, maxPerHourUsd: number) =>
    `${pod} is started for a job, at up to ${formatUsdPerHour(maxPerHourUsd)}.`,
  createsPod: (preset: string, accountId: string, maxPerHourUsd: number) =>
    `A pod of the preset ${preset} is created for a job in account ${accountId}, at up to ${formatUsdPerHour(maxPerHourUsd)}.`,
  presetGone: 'Nothing is created, because the preset no longer exists.',
  presetChanged: 'Nothing is created, because the preset changed since you allowed it. Allow it again.',
  paused: 'The queue is paused: nothing is started or suggested.',
} as const

/** Of the host key of a pod. */
export const trustText = {
  notReachable: (pod: string) => `${plainText(pod)} can’t be reached over SSH now.`,
  notAccepted: (pod: string) =>
    withNothing(
      `The host key of ${plainText(pod)} was not accepted, or the pod could not be reached.`,
      'changed',
    ),
  trusted: (pod: string, fingerprint: string) => `The host key of ${pod} is trusted: ${fingerprint}`,
  notSignedIn:
    'Podkeeper could not sign in. Jobs need an SSH key on this computer that the pod accepts, and that has no passphrase.',
  offered: (server: string, algorithm: string, fingerprint: string) =>
    `${server} presents the ${algorithm} key ${fingerprint}`,
  before: (fingerprint: string) => `Before its restart, it presented ${fingerprint}`,
  needsFingerprint: 'Without a terminal, pass the expected key with --fingerprint SHA256:…',
  ask: 'Trust this key? Type yes: ',
} as const
