import { release } from 'node:os'
import { redact } from '../../core/base/redact'
import type { Settings } from '../../core/settings/settings'
import type { Snapshot } from '../../core/view/snapshot'

export interface DiagnosticFacts {
  readonly version: string
  /** Name and version of what it runs on, in this order: "Electron" → "45.4.1". */
  readonly platform: Readonly<Record<string, string>>
  readonly settings: Settings
  readonly snapshot: Snapshot
  /** Oldest first. */
  readonly logLines: readonly string[]
}

/** What this process runs on. */
export function platformFacts(): DiagnosticFacts['platform'] {
  const { electron, chrome, node } = process.versions
  const { XDG_CURRENT_DESKTOP: desktop = 'unknown', XDG_SESSION_TYPE: display = 'unknown' } = process.env
  return {
    Electron: electron,
    Chromium: chrome,
    'Node.js': node,
    system: `${process.platform} ${release()} ${process.arch}`,
    ...(process.platform === 'linux' ? { desktop: `${desktop}, ${display}` } : {}),
  }
}

/** Shorter names stand in ordinary words. */
const MIN_NAME_LENGTH = 4

/**
 * What helps somebody else to find a fault, as text: no key, nothing of what is in a pod, and no pod by its name.
 * `settings` are told as they are, without the secrets in them.
 */
export function diagnosticsText({
  version,
  platform,
  settings,
  snapshot,
  logLines,
}: DiagnosticFacts): string {
  const { account, connection, pods, tombstones, balance } = snapshot
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [`Podkeeper ${version}`, Object.entries(platform).map(([name, value]) => `${name}: ${value}`)],
    [
      'State',
      [
        `account: ${account === null ? 'none' : account.isDemo ? 'demo' : `key ${account.keyStorage}`}`,
        `monitor only: ${account?.isMonitorOnly ?? false}`,
        `connection: ${JSON.stringify(connection)}`,
        `picture: ${snapshot.pictureAtMs === null ? 'none' : secondsAgo(snapshot.atMs, snapshot.pictureAtMs)}${snapshot.isPicturePartial ? ', partial' : ''}`,
        `pods: ${countsOf(pods.map(({ phase }) => phase))}; gone: ${tombstones.length}`,
        `activity: ${countsOf(pods.map(({ activity }) => activity.kind))}`,
        `actions: ${countsOf(pods.flatMap(({ intent }) => (intent ? [`${intent.action} ${intent.phase}`] : [])))}`,
        `balance: ${balance.kind}`,
        `alerts paused: ${snapshot.alertsPausedUntilMs !== null}`,
        `notices: ${snapshot.notices.length}`,
      ],
    ],
    ['Settings', Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)],
    ['Log', logLines],
  ]
  return sections
    .map(([title, lines]) =>
      [title, ...lines.map((line) => `  ${redact(withoutNames(line, pods))}`)].join('\n'),
    )
    .join('\n\n')
    .concat('\n')
}

const secondsAgo = (nowMs: number, atMs: number): string => `${Math.round((nowMs - atMs) / 1_000)} s old`

function countsOf(kinds: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ') || 'none'
}

function withoutNames(line: string, pods: Snapshot['pods']): string {
  let clean = line
  for (const [index, { id, name }] of pods.entries())
    for (const text of [id, name])
      if (text.length >= MIN_NAME_LENGTH) clean = clean.split(text).join(`[pod ${index + 1}]`)
  return clean
}
