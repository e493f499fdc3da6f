import type { AlertText } from '../alerts/alert'
import { sentence } from '../alerts/alert-text'
import { formatDuration, formatMoment, formatTimeOfDay } from '../base/text/format'
import { RUNPOD_NAME } from '../pods/labs/service-name'
import { plainName, shortName } from '../pods/pod-name'
import type { Impediment, ObstacleCode, ObstacleView, RuleOutlook } from './obstacle'

interface ObstacleText {
  /** About the account, or to follow the pod's name. */
  readonly title: string
  /** What helps, as a sentence. */
  readonly help: string
}

const texts: Readonly<Record<ObstacleCode, ObstacleText>> = {
  'folder-held': {
    title: 'Another Podkeeper manages your pods',
    help: 'This one only shows them, and takes over when that one quits.',
  },
  'server-keeps': {
    title: 'A server manages these pods',
    help: 'Stop, Start, Keep running and rules of a pod go to it. Everything else that you ask for is sent from here.',
  },
  'server-lost': {
    title: 'The server that manages these pods isn’t working',
    help: 'Nothing is stopped from here. Check the server, or stop pods yourself.',
  },
  'folder-format': {
    title: 'This version can’t use the data folder',
    help: 'Until then, no pod is stopped from here.',
  },
  'folder-unusable': {
    title: 'The data folder can’t be used',
    help: 'Until it can, no pod is stopped from here.',
  },
  'key-refused': {
    title: 'Runpod rejected the API key',
    help: 'If it is no longer valid, add a new one.',
  },
  'key-forbidden': { title: 'The API key can’t access pods', help: 'Give it access on Runpod.' },
  offline: {
    title: 'Automatic stops wait for Runpod',
    help: 'Check this computer’s network, or stop pods on Runpod.',
  },
  'cannot-save': {
    title: 'Automatic stops can’t be saved, so none is sent',
    help: 'Free some space, or make the data folder writable.',
  },
  'read-only-key': {
    title: 'Automatic stops don’t work with this API key',
    help: 'Give it write access on Runpod.',
  },
  notifications: {
    title: 'Notifications can’t be shown',
    help: 'Check the system’s notification settings, or add a phone or chat channel.',
  },
  unheard: {
    title: 'isn’t stopped, because no warning can be shown',
    help: 'Check the system’s notification settings, add a phone or chat channel, or allow stops without a warning.',
  },
  'status-unknown': {
    title: 'can’t be stopped automatically: its status is unknown',
    help: 'Check it on Runpod, and stop it there. A guard in the pod could also stop it.',
  },
  unjudged: {
    title: 'can’t be stopped automatically: too little is known about it',
    help: 'A look from inside over SSH or the guard in the pod could tell. Otherwise, stop it yourself.',
  },
  undecided: {
    title: 'isn’t stopped, because nothing shows whether it works',
    help: 'A look from inside over SSH or the guard in the pod could tell. “Low CPU is idle” may help, too.',
  },
  unreadable: {
    title: 'can’t be stopped automatically: its state can’t be read',
    help: 'Check it on Runpod, and stop it there.',
  },
  'not-offered': {
    title: 'can’t be stopped automatically: Runpod doesn’t offer it',
    help: 'Check it on Runpod.',
  },
  'stop-failing': {
    title: 'could not be stopped automatically',
    help: 'Stop it on Runpod.',
  },
  'guard-silent': {
    title: 'has a guard that is silent',
    help: 'Install it again on the pod’s page.',
  },
  'guard-unarmed': {
    title: 'has a guard that isn’t armed',
    help: 'The pod’s page says why.',
  },
}

/** What is said of an obstacle. `service`: whose API the account uses. */
export const obstacleText = (code: ObstacleCode, service: string = RUNPOD_NAME): ObstacleText => ({
  title: texts[code].title.replaceAll(RUNPOD_NAME, service),
  help: texts[code].help.replaceAll(RUNPOD_NAME, service),
})

/** "llama can’t be stopped automatically: its status is unknown" */
export const obstacleTitle = (code: ObstacleCode, podName: string | null, service?: string): string =>
  podName === null
    ? obstacleText(code, service).title
    : `${shortName(podName, 60)} ${obstacleText(code, service).title}`

/** "Notifications can’t be shown (since 3:05 AM): The system rejected …", for a line. */
export const obstacleLine = ({ title, why, sinceMs }: ObstacleView): string =>
  `${title} (since ${formatTimeOfDay(sinceMs)}): ${sentence(`${why.charAt(0).toUpperCase()}${why.slice(1)}`)}`

const doneText = (action: RuleOutlook['action']): string => (action === 'stop' ? 'stopped' : 'terminated')

/** That this program only reads its data folder, and what ends that. */
export const readOnlyText = ({ code, why }: Impediment): string =>
  `Read-only: ${obstacleDetails({ why, help: obstacleText(code).help })}`

/** Why, as a clause, and what helps. */
export const obstacleDetails = ({ why, help }: Pick<ObstacleView, 'why' | 'help'>): string =>
  `${sentence(why)} ${help}`

/** What a card says in place of a time: "Not stopped, since …" `why`: a clause. */
export const notDoneText = (action: RuleOutlook['action'], why: string): string =>
  `Not ${doneText(action)}, since ${sentence(why)}`

export const impedimentText = ({ why }: Impediment, { action, isCovered }: RuleOutlook): string =>
  `${notDoneText(action, why)}${isCovered ? ' The guard in the pod can stop it.' : ''}`

/** Who is concerned: "llama", "llama and 2 more pods". */
function podsText(outlooks: readonly RuleOutlook[]): string {
  const names = [...new Set(outlooks.map(({ podName }) => podName))]
  const [first = ''] = names
  const more = names.length - 1
  return `${shortName(first)}${more === 0 ? '' : ` and ${more} more ${more === 1 ? 'pod' : 'pods'}`}`
}

/** The alert that nobody can carry out rules that are due. `sinceMs`: Unix ms. */
export function unableAlertText(
  { code, why }: Impediment,
  sinceMs: number,
  outlooks: readonly RuleOutlook[],
  podName: string | null,
  nowMs: number,
  service?: string,
): AlertText {
  const who = podName === null ? podsText(outlooks) : 'It'
  const seenAtMs = Math.max(...outlooks.map(({ lastSeenAtMs = 0 }) => lastSeenAtMs))
  const due = seenAtMs > 0 ? lastSeenText(outlooks, who, seenAtMs, nowMs) : dueText(outlooks, who)
  return {
    tone: 'bad',
    title: obstacleTitle(code, podName, service),
    body: `Since ${formatTimeOfDay(sinceMs)}: ${sentence(plainName(why))} ${due} ${obstacleText(code, service).help}`,
  }
}

const isOnePod = (outlooks: readonly RuleOutlook[]): boolean =>
  new Set(outlooks.map(({ podId }) => podId)).size === 1

/** Nothing says that they still run. */
function lastSeenText(
  outlooks: readonly RuleOutlook[],
  who: string,
  seenAtMs: number,
  nowMs: number,
): string {
  const [was, they] = isOnePod(outlooks) ? ['was', 'it'] : ['were', 'they']
  return `${who} ${was} running at ${formatMoment(seenAtMs, { nowMs })}, and may still be; ${they} can’t be stopped automatically now.`
}

/** When the first of them is due, as a sentence about `who`. */
function dueText(outlooks: readonly RuleOutlook[], who: string): string {
  const goesOn = isOnePod(outlooks) ? 'keeps running' : 'keep running'
  const times = outlooks.flatMap(({ dueInMs }) => (dueInMs === null ? [] : [dueInMs]))
  const first = Math.min(...times)
  if (times.length === 0) return `${who} ${goesOn}; when to stop it isn’t known.`
  const when = first <= 0 ? 'now' : `in ${formatDuration(first)}`
  return `${who} should be ${doneText(outlooks[0]?.action ?? 'stop')} ${when}, but ${goesOn}.`
}
