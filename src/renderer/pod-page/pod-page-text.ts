import {
  formatDuration,
  formatGb,
  formatMoment,
  formatUsd,
  formatUsdPerHour,
} from '../../core/base/text/format'
import { HOUR_MS } from '../../core/base/time/time'
import type { PodDetails } from '../../shared/requests/pod/pod-page-requests'

/** "8888/http" as its number and whether the browser can open it; null for anything else. */
export function parsePort(port: string): { readonly number: number; readonly isHttp: boolean } | null {
  const [, digits = '', kind = ''] = /^(\d{1,5})\/(http|tcp|udp)$/.exec(port) ?? []
  const number = Number(digits)
  return digits !== '' && number > 0 && number < 65_536 ? { number, isHttp: kind === 'http' } : null
}

/** The mounts of a pod, each with what it is. */
export function mountLines(details: PodDetails): readonly { readonly path: string; readonly text: string }[] {
  const lines = details.networkMounts.map(({ path, volumeId }) => ({
    path: path ?? 'Unknown path',
    text: `network volume ${volumeId}`,
  }))
  if (details.persistentMount !== null)
    lines.unshift({
      path: details.persistentMount.path,
      text: `volume, ${formatGb(details.persistentMount.sizeGb)}`,
    })
  return lines
}

/** "7 days, $44.83, of which $3.20 idle". */
export function costSummary(days: number, cents: number, idleUsd: number): string {
  const idle = idleUsd >= 0.005 ? `, of which ${formatUsd(idleUsd)} idle` : ''
  return `${days} days, ${formatUsd(cents / 100)}${idle}`
}

export const podPageText = {
  couldNotLoadLog: 'Couldn’t load the log',
  notListedYet: 'Waiting for the list of pods',
  notListedYetHelp: 'This page opens as soon as the pod is listed.',
  gone: 'This pod is gone',
  goneHelp: 'It’s no longer listed, or its account isn’t connected.',
  showPods: 'Show pods',
  showActivity: 'Show its activity',
  /** The tabs, as one. */
  parts: (pod: string) => `Parts of ${pod}`,
  overview: 'Overview',
  activity: 'Activity',
  logs: 'Logs',
  noActivity: 'Alerts, stops and starts of this pod appear here, with the reason for each.',
  pods: 'Pods',
  allPods: 'All pods',
  approximately: 'approx.',
} as const

export const connectionText = {
  copied: (what: string) => `${what} copied`,
  couldNotCopy: (what: string) => `${what} could not be copied`,
  title: 'Connection',
  ssh: 'SSH',
  copySsh: 'Copy the SSH command',
  sshCommand: 'SSH command',
  copyConfig: 'Copy config',
  copyConfigEntry: 'Copy config entry for ~/.ssh/config',
  configEntry: 'Entry for ~/.ssh/config',
  ports: 'Ports',
  openPort: (port: number) => `Open port ${port} in the browser`,
  portNotOpened: (port: number) => `Port ${port} was not opened`,
  mounts: 'Mounts',
  notRead: 'Could not be read',
  image: 'Image',
  dataCenter: 'Data center',
  cloud: 'Cloud',
  podId: 'Pod ID',
  copyLink: 'Copy link',
  copyLinkToPod: 'Copy link to this pod',
  link: 'Link',
  data: 'Data',
  whenStopped: 'When stopped',
  whenTerminated: 'When terminated',
} as const

export const costByDayText = {
  title: 'Cost by day',
  today: 'Today',
  idle: (usd: number) => `, of which ${formatUsd(usd)} idle`,
} as const

export const guardPanelText = {
  guard: 'Guard',
  notObserved: 'While the pod is not observed, nothing is stopped.',
  noRule: 'No rule stops this pod automatically.',
  nothingPlanned: 'No automatic stop is planned.',
  noAutoStop: (why: string) => `No auto-stop: ${why}.`,
  rules: 'Rules',
  editRules: (pod: string) => `Edit the rules of ${pod}`,
  edit: 'Edit',
} as const

type StopAction = 'stop' | 'terminate'

/** What the guard did and will do. */
export const guardStepText = {
  title: ({ action, atMs }: { action: StopAction; atMs: number }, isDryRun: boolean, nowMs: number) => {
    const what = isDryRun ? dryRunText(action) : action === 'stop' ? 'Auto-stop' : 'Terminates'
    return `${what} at ${formatMoment(atMs, { nowMs })}`
  },
  idle: 'Idle',
  now: 'Now',
  idleAlert: 'Idle alert',
  warning: (leadMs: number) => `Warning, ${formatDuration(leadMs)} before`,
  /** `byThenUsd`: what the idle time will have cost; null: not known. */
  stop: (action: StopAction, isDryRun: boolean, byThenUsd: number | null) => {
    const what = isDryRun ? dryRunText(action) : action === 'stop' ? 'Stop' : 'Terminate'
    return `${what}${byThenUsd === null ? '' : `, ${formatUsd(byThenUsd)} by then`}`
  },
} as const

const dryRunText = (action: StopAction): string => `Dry run: would ${action}`

/** The rules of a pod, and where each is from. */
export const ruleLineText = {
  alertAfter: 'Alert after',
  autoStop: 'Auto-stop',
  on: 'On',
  off: 'Off',
  autoStopAfter: 'Auto-stop after',
  maxHours: 'Maximum hours',
  none: 'None',
  never: 'Never',
  hours: (maxHours: number, action: StopAction) => `${formatDuration(maxHours * HOUR_MS)}, then ${action}`,
  stopAt: 'Stop at',
  /** "On weekdays at 8:00 PM unless in use". */
  stopTime: (when: string) => `${when.charAt(0).toUpperCase()}${when.slice(1)} unless in use`,
  startAt: 'Start at',
  /** `atMs`: Unix ms. */
  plannedStart: (atMs: number, maxPerHourUsd: number, nowMs: number) =>
    `${formatMoment(atMs, { nowMs })}, once, for at most ${formatUsdPerHour(maxPerHourUsd)}`,
  monthlyBudget: 'Monthly budget',
  /** `spentUsd`: null: not known. */
  budget: (usd: number, spentUsd: number | null, isStoppedAtBudget: boolean) =>
    `${formatUsd(usd)}${spentUsd === null ? '' : `, ${formatUsd(spentUsd)} spent`}${isStoppedAtBudget ? ', then stop' : ''}`,
  lowCpu: 'Low CPU',
  countsAsIdle: 'Counts as idle',
  dataLoss: 'Data loss',
  allowedAtStop: 'Allowed at a stop',
  sources: { account: 'account', pod: 'this pod' },
} as const
