import { type AlertKey, alertKinds, type AlertKind, type PendingAlert } from '../../alerts/alert'
import { alertToggles } from '../../alerts/alert-switches'
import { plainText } from '../../base/text/plain-text'
import { redact } from '../../base/text/redact'
import type { Instant } from '../../base/time/time'
import { plainName, shortName } from '../../pods/pod-name'
import { settingList } from '../../settings/definitions/setting-list'
import { cutText, utf16Units } from './cut-text'

/** An alert as it leaves this computer: without secrets, hosts and the output of jobs. */
export interface OutgoingAlert extends AlertKey {
  readonly podName: string | null
  /** The account's name; null where there is only one. */
  readonly accountName: string | null
  /** What its person calls this computer; null where it has no name but the system's, which stays here. */
  readonly computer: string | null
  readonly title: string
  readonly body: string
  readonly tone: PendingAlert['tone']
  readonly isCritical: boolean
  /** The page of the pod, or of all pods, in Runpod's console; null for a lab. */
  readonly url: string | null
  readonly createdAt: Instant
}

/** The account that alerts are about. */
export interface AlertAccount {
  /** What alerts call it; null where it is the only one. */
  readonly label: () => string | null
  readonly isRunpod: boolean
}

const MAX_TITLE = 200
const MAX_BODY = 1_000

const CONSOLE = 'https://console.runpod.io/pods'

/** Only ids as Runpod gives them are put into an address. */
const consoleUrl = (podId: string | null): string =>
  podId !== null && /^[\w-]{1,64}$/.test(podId) ? `${CONSOLE}?id=${podId}` : CONSOLE

export function toOutgoingAlert(
  { key, podName, title, body, tone, isCritical }: PendingAlert,
  account: AlertAccount,
  computer: string | null,
  createdAt: Instant,
): OutgoingAlert {
  const { kind, accountId, podId, episode } = key
  const label = account.label()
  const name = label === null ? null : shortName(withoutSecrets(label), 60)
  const plainTitle = withoutSecrets(name === null ? title : `${name}: ${title}`)
  // The lines below the first are what a job printed.
  const [firstLine = ''] = body.split('\n', 1)
  return {
    kind,
    accountId,
    podId,
    episode,
    podName: podName === null ? null : shortName(withoutSecrets(plainName(podName)), 100),
    accountName: name,
    computer,
    title: cutText(plainTitle, MAX_TITLE, utf16Units) || 'Podkeeper',
    body: cutText(withoutHosts(withoutSecrets(firstLine)), MAX_BODY, utf16Units),
    tone,
    isCritical,
    url: account.isRunpod ? consoleUrl(podId) : null,
    createdAt,
  }
}

const withoutSecrets = (text: string): string => redact(plainText(text)).trim()

const HIDDEN = '[hidden]'

/** A scheme and what follows it. */
function withoutAddress(word: string): string {
  const at = word.indexOf('://')
  if (at < 0) return word
  let from = at
  while (from > 0 && /[a-z0-9+.-]/i.test(word.charAt(from - 1))) from -= 1
  return word.slice(0, from) + HIDDEN
}

const hideIf =
  (isHost: RegExp) =>
  (word: string): string =>
    isHost.test(word) ? HIDDEN : word

/** Each word is read once: a job may print one of any length. */
const HOSTS: readonly (readonly [RegExp, (word: string) => string])[] = [
  [/\S+/g, withoutAddress],
  [/\S+/g, hideIf(/.@./s)],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, () => HIDDEN],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{0,4}(?![\w:])/gi, () => HIDDEN],
  [/(?<![\w:])[0-9a-f:][0-9a-f:.]*(?![\w:])/gi, hideIf(/::/)],
  [/(?<![a-z0-9_.-])[a-z0-9_.-]+(?::\d+)?/gi, hideIf(/[a-z0-9_]\.[a-z]{2,}/i)],
  [/\blocalhost\b(?::\d+)?/gi, () => HIDDEN],
]

/** Hides addresses and names of computers. A file name such as `train.py` looks the same and is hidden, too. */
export const withoutHosts = (text: string): string =>
  HOSTS.reduce((clean, [pattern, hide]) => clean.replace(pattern, hide), text)

/** What the settings call a kind of alert. */
export const alertKindLabel = (kind: AlertKind): string =>
  kind === 'app' ? 'Other messages' : settingList[alertToggles[kind]].label

/** The kinds that a channel can be set for. */
export const routableKinds = alertKinds.filter((kind) => kind !== 'app')

/** The same alert with nothing in it that a service may object to. */
export function plainAlert(alert: OutgoingAlert): OutgoingAlert {
  const label = alertKindLabel(alert.kind).replaceAll('’', "'")
  const podName = alert.podName?.replace(/[^\w .-]/g, '').trim() || null
  const title = `Podkeeper alert: ${label}${podName === null ? '' : `, ${podName}`}`
  return { ...alert, podName, accountName: null, computer: null, title, body: '', url: null }
}
