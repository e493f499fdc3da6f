import { formatDuration, formatTimeOfDay } from '../../core/base/text/format'
import { MINUTE_MS } from '../../core/base/time/time'
import { serviceOf } from '../../core/pods/labs/service-name'
import { containerSentences } from '../../core/containers/container-text'
import { idleReason, unknownReason } from '../../core/idle/idle-text'
import { vanishedText } from '../../core/polling/outside-stop-text'
import type { GonePodView, PodView } from '../../core/view/snapshot'

/** What this watch does beside another program, and with each account. */
export const watchText = {
  cannotAct: 'Podkeeper stopped watching: nothing is stopped automatically',
  otherBuild: (name: string) =>
    `Another build of Podkeeper is installed: ${name}. Restart this program to use it.`,
  acts: 'This watch now sends alerts and acts.',
  agentAsks: (agent: string, what: string) =>
    `The agent ${agent} asks for ${what}. Answer with: podkeeper approve`,
  demoSavesNothing: 'The demo saves nothing.',
  sameAccount: (account: string, watched: string) =>
    `The key of ${account} belongs to ${watched}, which is already being watched.`,
  channelFails: (channel: string, why: string) => `${channel} doesn’t accept alerts: ${why}`,
  channelWorks: (channel: string) => `${channel} accepts alerts again.`,
  answersFail: (channel: string, why: string) => `What is pressed in ${channel} doesn’t arrive: ${why}`,
  answersWork: (channel: string) => `What is pressed in ${channel} arrives again.`,
  notWatched: (account: string, why: string) => `${account} cannot be watched: ${why}`,
} as const

/** Of the live table. */
export const frameText = {
  noData: 'No data yet.',
  lastUpdated: (atMs: number) => `Last updated at ${formatTimeOfDay(atMs)}.`,
  more: (count: number) => `… ${count} more`,
  keyTriedAgain: (atMs: number) => `key tried again at ${formatTimeOfDay(atMs)}`,
  quit: 'q to quit',
} as const

/** Of the lines that say what changed. */
export const changesText = {
  respondsAgain: 'The API is responding again',
  gone: (pod: string, how: GonePodView['how']) =>
    how === 'vanished' ? `${pod} is gone. ${vanishedText}` : `${pod} is gone`,
  /** What follows the name of a pod. */
  pod(pod: PodView, asOfMs: number): string {
    const { phase, rawStatus, statusReason, activity, container } = pod
    const reason = statusReason === null ? '' : `: ${statusReason}`
    if (phase === 'unknown') return `is "${rawStatus}"${reason}`
    if (phase === 'error') return `has an error${reason}`
    if (phase !== 'running') return `is ${phase}${reason}`
    if (container !== undefined)
      return `is running. ${containerSentences(container, asOfMs, serviceOf(pod))}`.replace(/\.$/, '')
    switch (activity.kind) {
      case 'unknown':
        return `is running, activity unknown: ${unknownReason(activity.reason)}`
      case 'busy':
        return 'is running and busy'
      case 'idle':
        return activity.idleForMs < MINUTE_MS
          ? 'is running and idle now'
          : `is running and has been idle for ${formatDuration(activity.idleForMs)}: ${idleReason(activity)}`
    }
  },
  logEnds: (lines: readonly string[]) => `Its system log ends: ${lines.join(' / ')}`,
} as const
