import { shortName } from '../../pods/pod-name'
import { cutText, utf16Units } from './cut-text'
import type { MessageBatch, SentAlert } from './message-content'
import { type OutgoingAlert, plainAlert } from './outgoing-alert'

const OFFSET = 14_695_981_039_346_656_037n
const PRIME = 1_099_511_628_211n
const MASK = 0xffff_ffff_ffff_ffffn
/** No text in UTF-8 has this byte. */
const SEPARATOR = 255n

/** The fingerprint that Prometheus and Alertmanager give these labels: FNV-1a of 64 bits, as 16 hex digits. */
export function alertFingerprint(labels: Readonly<Record<string, string>>): string {
  let hash = OFFSET
  const add = (byte: bigint): void => {
    hash = ((hash ^ byte) * PRIME) & MASK
  }
  for (const name of Object.keys(labels).sort()) {
    for (const text of [name, labels[name] ?? '']) {
      for (const byte of utf8(text)) add(BigInt(byte))
      add(SEPARATOR)
    }
  }
  return hash.toString(16).padStart(16, '0')
}

function* utf8(text: string): Generator<number> {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80) yield code
    else if (code < 0x800) yield* [0xc0 | (code >> 6), tail(code)]
    else if (code < 0x10000) yield* [0xe0 | (code >> 12), tail(code >> 6), tail(code)]
    else yield* [0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code)]
  }
}

const tail = (bits: number): number => 0x80 | (bits & 0x3f)

/** What Alertmanager gives as the end of an alert that holds. */
const NO_END = '0001-01-01T00:00:00Z'
const EXTERNAL_URL = 'https://console.runpod.io/pods'

type Texts = Readonly<Record<string, string>>

/**
 * The payload of a webhook of Alertmanager, version 4. The end of an alert follows its start; where both are in one
 * batch, only the end is sent.
 */
export function webhookMessage({ alerts, isPlain }: MessageBatch, receiver: string): object {
  const byName = new Map<string, ReturnType<typeof webhookAlert>>()
  for (const sent of alerts) {
    const alert = webhookAlert(sent, isPlain)
    byName.set(`${alert.fingerprint} ${alert.startsAt}`, alert)
  }
  const all = [...byName.values()]
  const commonLabels = common(all.map(({ labels }) => labels))
  const { alertname } = commonLabels
  const groupLabels = alertname === undefined ? {} : { alertname }
  return {
    version: '4',
    groupKey: `{}:{${alertname === undefined ? '' : `alertname=${JSON.stringify(alertname)}`}}`,
    truncatedAlerts: 0,
    status: all.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver,
    groupLabels,
    commonLabels,
    commonAnnotations: common(all.map(({ annotations }) => annotations)),
    externalURL: EXTERNAL_URL,
    alerts: all,
  }
}

function webhookAlert({ alert: sent, resolvedAtMs }: SentAlert, isPlain: boolean) {
  const alert = isPlain ? plainAlert(sent) : sent
  const labels = labelsOf(alert)
  return {
    status: resolvedAtMs === null ? 'firing' : 'resolved',
    labels,
    annotations: {
      summary: alert.title,
      ...(alert.body !== '' && { description: cutText(alert.body, 1_000, utf16Units) }),
      // No label: the same alert of several computers stays one.
      ...(alert.computer !== null && { computer: alert.computer }),
    } as Texts,
    startsAt: new Date(alert.createdAt.wallMs).toISOString(),
    endsAt: resolvedAtMs === null ? NO_END : new Date(resolvedAtMs).toISOString(),
    generatorURL: alert.url ?? '',
    fingerprint: alertFingerprint(labels),
  }
}

/** The same for the start and the end of an alert. */
function labelsOf({ kind, isCritical, tone, podId, podName, accountName }: OutgoingAlert): Texts {
  const words = kind.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  const severity = isCritical ? 'critical' : tone === 'good' || tone === 'plain' ? 'info' : 'warning'
  return {
    alertname: `Podkeeper${words.join('')}`,
    severity,
    ...(podId !== null && { pod_id: shortName(podId, 100) }),
    ...(podName !== null && { pod: podName }),
    ...(accountName !== null && { account: accountName }),
  }
}

/** What all have. */
function common([first = {}, ...others]: readonly Texts[]): Texts {
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((each) => each[name] === value)),
  )
}
