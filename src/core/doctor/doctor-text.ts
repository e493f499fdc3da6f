import { formatDuration, formatNumber, formatRemaining } from '../base/text/format'
import { plainText } from '../base/text/plain-text'
import { MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { DoctorCheckId, DoctorVerdict } from './doctor-line'
import type { ReportedFigure } from './reported-fields'

export const doctorQuestions: Readonly<Record<DoctorCheckId, string>> = {
  key: 'API key',
  pods: 'Pods',
  actions: 'Starting and stopping',
  balance: 'Balance',
  billing: 'Bills',
  catalog: 'Catalog',
  limits: 'Account limits',
  logs: 'Logs',
  'ssh-keys': 'SSH keys',
  'list-figures': 'Figures in the list',
  'pod-figures': 'Figures of one pod',
  'new-fields': 'New fields',
  'missing-fields': 'Missing fields',
  quota: 'Request limits',
  clock: 'Clock',
  'key-storage': 'Key storage',
  notifications: 'Notifications',
  'data-folder': 'Data folder',
  build: 'Running program',
  obstacles: 'Automatic stops',
  cadence: 'Refresh of figures',
}

export const verdictNames: Readonly<Record<DoctorVerdict, string>> = {
  ok: 'OK',
  warning: 'Warning',
  problem: 'Problem',
  'not-checked': 'Not checked',
}

const figureWords: Readonly<Record<ReportedFigure, string>> = {
  uptime: 'uptime',
  gpu: 'GPU',
  cpu: 'CPU',
  memory: 'memory',
  ports: 'ports',
}

const count = (amount: number, one: string): string =>
  amount === 1 ? `1 ${one}` : `${formatNumber(amount)} ${one}s`

/** "90 s", which is more exact than "1 min". */
const interval = (ms: number): string =>
  ms < 2 * MINUTE_MS ? `${Math.round(ms / SECOND_MS)} s` : formatDuration(ms)

const figuresText = (figures: readonly ReportedFigure[]): string =>
  figures.map((figure) => figureWords[figure]).join(', ')

/** Of what an account's API answers. `provider`: its name; `details`: a sentence of the API. */
export const accountCheckText = {
  keyAccepted: (provider: string) => `${provider} accepts the key.`,
  keyRefused: (provider: string) => `${provider} doesn’t accept the key (401). Add a new one.`,
  noReply: (details: string) => `No reply, so nothing else could be checked. ${details}`,
  notTheApi: (details: string) =>
    `Something else answered in place of the API, so the key wasn’t checked. ${details}`,
  notReached: 'Not checked, because the list of pods couldn’t be read.',
  pods: (pods: number, running: number) => `${count(pods, 'pod')}, ${running} running.`,
  partialList: (pods: number) => `${count(pods, 'pod')}, but part of the list couldn’t be read.`,
  actionsUnknown: (provider: string) =>
    `${provider} doesn’t say in advance whether the key can start and stop pods, and this check changes nothing.`,
  /** `status`: null without a reply; GraphQL says it with 200. */
  noPermission: (what: string, status: number | null, effect: string) =>
    `The key has no permission to read ${what}${status === 403 ? ' (403)' : ''}. ${effect}`,
  refused: (what: string, details: string, effect: string) =>
    `The query for ${what} was refused: ${sentence(details)} ${effect}`,
  unauthorized: (what: string) => `The key isn’t accepted for ${what} (401).`,
  heldBack: 'Not asked, to stay within the request limit. Try again in a minute.',
  failed: (details: string) => details,
  notOffered: (provider: string) => `${provider} doesn’t offer this.`,
  notServed: (provider: string) => `${provider} has no such address (404).`,
  balance: 'The balance can be read.',
  partialBalance: (details: string) => `The balance can be read, but not the rest. ${details}`,
  noRate: 'The account’s own rate is missing.',
  bills: (rows: number) => `Bills can be read (${count(rows, 'row')} of the last day).`,
  catalog: (types: number) => `${count(types, 'GPU type')} with prices.`,
  emptyCatalog: 'The catalog has no GPU types.',
  limits: 'The spending limit can be read.',
  noLimit: 'Limits can be read, but they name no spending limit.',
  noRunningPod: 'No pod is running.',
  noPods: 'There are no pods.',
  logLines: (ms: number) => `The first lines came within ${formatRemaining(ms)}.`,
  logOpened: (ms: number) => `The stream opened; no line came within ${formatDuration(ms)}.`,
  logSilent: (ms: number) => `The stream didn’t open within ${formatDuration(ms)}.`,
  canceled: 'Stopped before this was checked.',
} as const

/** What a person loses by a missing permission. */
export const permissionEffects = {
  pods: ['pods', 'Nothing can be watched.'],
  balance: ['the balance', 'You aren’t warned before it runs out.'],
  billing: ['bills', 'Costs are counted from what Podkeeper observes.'],
  catalog: ['the catalog', 'New pods can’t be created here.'],
  limits: ['account limits', 'A spending limit shows only when Runpod refuses a pod.'],
  logs: ['logs', 'A failed image pull can’t be explained.'],
  'ssh-keys': ['SSH keys', 'Whether your key opens pods can’t be told in advance.'],
} as const

export const figuresCheckText = {
  /** `lacking`: those that it doesn’t have. */
  figures: (has: readonly ReportedFigure[], lacking: readonly ReportedFigure[]) =>
    lacking.length === 0
      ? `${capital(figuresText(has))}.`
      : has.length === 0
        ? `None: ${figuresText(lacking)} are missing.`
        : `${capital(figuresText(has))}. Missing: ${figuresText(lacking)}.`,
  /** The list lacks what the single pod has. */
  onlyInPod: (figures: readonly ReportedFigure[]) =>
    `Only the single pod has ${figuresText(figures)}, so running pods are read one by one.`,
  noneYet: 'None yet: its container may still be starting.',
  cantJudge: 'Whether its GPUs are idle can’t be told from outside.',
  noNewFields: 'None.',
  newFields: (names: readonly string[]) => `${names.map(plainText).join(', ')}. Podkeeper ignores them.`,
  noneMissing: 'None.',
  missing: (names: readonly string[]) => `${names.join(', ')}. What needs them is shown as unknown.`,
} as const

export const cadenceText = {
  progress: (seen: number, wanted: number, leftMs: number) =>
    `Measuring how often figures change: ${seen} of ${wanted} refreshes, ${formatRemaining(leftMs)} left at most`,
  measured: (everyMs: number) => `Every ${interval(everyMs)}.`,
  atEachReading: (everyMs: number) => `New at each reading, every ${interval(everyMs)} or more often.`,
  slow: (everyMs: number) =>
    `Every ${interval(everyMs)}. That is enough for alerts; a stop needs a look from inside or the guard in the pod.`,
  rare: (everyMs: number) =>
    `Every ${interval(everyMs)}, which is too rarely to judge whether a pod is idle.`,
  tooFew: (seen: number, afterMs: number) =>
    `${count(seen, 'refresh').replace(/refreshs$/, 'refreshes')} in ${formatDuration(afterMs)}.`,
  frozen: (afterMs: number) =>
    `The uptime of no running pod changed in ${formatDuration(afterMs)}, so no idle time is counted.`,
  canceled: (seen: number) => `Stopped early, after ${seen} of 3 refreshes.`,
  quick: 'Skipped in a quick check.',
  noUptime: 'The API reports no uptime, so a refresh can’t be told.',
} as const

export const quotaText = {
  none: (provider: string) => `${provider} reports no limits.`,
  left: (requests: number) => `${count(requests, 'request')} left for all programs that use this key.`,
  scarce: (requests: number, everyMs: number) =>
    `${count(requests, 'request')} left for all programs that use this key, so pods are read every ${interval(everyMs)} only.`,
} as const

export const clockCheckText = {
  unknown: (provider: string) => `${provider} didn’t say what time it is.`,
  same: (provider: string) => `This computer’s clock agrees with ${provider}’s.`,
  off: (provider: string, byMs: number) =>
    `This computer’s clock is ${formatDuration(Math.abs(byMs))} ${byMs < 0 ? 'ahead of' : 'behind'} ${provider}’s. Set it by the network.`,
} as const

/** `usable`: keys of this computer; `registered`: keys of the account; `matching`: both. */
export const sshKeysCheckText = {
  matching: (matching: number, registered: number) =>
    `${count(registered, 'key')} registered, ${matching} of them on this computer.`,
  noneMatching: (registered: number) =>
    `${count(registered, 'key')} registered, none of them on this computer. Register one of yours to connect to new pods.`,
  noneRegistered: 'No key is registered, so new pods accept none.',
  noneHere: (registered: number) =>
    `${count(registered, 'key')} registered, but this computer has no SSH key.`,
  cantTell: (registered: number) =>
    `${count(registered, 'key')} registered. Keys with a passphrase can’t be compared before they are opened.`,
} as const

/** With a full stop, which words of an API may lack. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
