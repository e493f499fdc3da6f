import type { SilencedBy } from './alert-plan'
import type { Alert, AlertKind, Announcement } from './alert'
import { plainName, shortName } from '../pods/pod-name'

const MAX_NAMES = 8

/** Several at once as one notification with the names; its click leads to all pods. */
export function groupAlert(alerts: readonly Announcement[], atMs: number): Alert {
  const [first] = alerts
  const kind = first?.key.kind ?? 'app'
  const areAlike = alerts.every(({ key }) => key.kind === kind)
  const told = alerts.map(({ podName, title }) =>
    areAlike && podName !== null ? shortName(podName) : shortName(title, 60),
  )
  const more = told.length > MAX_NAMES ? ` and ${told.length - MAX_NAMES} more` : ''
  return {
    key: {
      kind: areAlike ? kind : 'app',
      accountId: first?.key.accountId ?? '',
      podId: null,
      episode: `group ${atMs}`,
    },
    isCritical: false,
    buttons: [],
    title: `${alerts.length} ${(areAlike ? groupWords[kind] : undefined) ?? 'things happened'}`,
    body: `${told.slice(0, MAX_NAMES).join(areAlike ? ', ' : ' · ')}${more}`,
  }
}

const groupWords: Partial<Record<AlertKind, string>> = {
  idle: 'pods are idle',
  'idle-reminder': 'pods are still idle',
  'partly-idle': 'pods leave GPUs idle',
  'kept-on': 'pods are kept on',
  'auto-stopped': 'pods were stopped automatically',
  'pod-ready': 'pods are ready',
  'creating-too-long': 'pods are creating for too long',
  'pod-error': 'pods have an error',
  'pod-gone': 'pods are gone',
  'gpu-free': 'pods got a GPU',
  'action-ended': 'actions came to nothing',
}

/** The latest of `changes` within the hour, as the one notification about them. */
export function summaryAlert(latest: Announcement, changes: number): Announcement {
  const pod = latest.podName === null ? '' : `${plainName(latest.podName)}: `
  return {
    ...latest,
    title: `${pod}the same thing ${changes} times in an hour`,
    body: `Now: ${latest.title}. Nothing more of this is said for an hour.`,
  }
}

/** Why something was only written down, as a sentence. */
export function silenceWords(by: SilencedBy): string {
  return SILENCE_WORDS[by]
}

const SILENCE_WORDS: Readonly<Record<SilencedBy, string>> = {
  switch: '(Not shown: alerts of this kind are switched off.)',
  missed: '(Not shown: it happened while Podkeeper did not look.)',
  pause: '(Not shown: alerts are paused.)',
  'quiet-hours': '(Not shown: quiet hours.)',
  recent: '(Not shown: the last one was said a short while ago.)',
  flapping: '(Not shown: it changes too often.)',
}
