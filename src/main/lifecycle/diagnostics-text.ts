import { release } from 'node:os'
import { redact } from '../../core/base/text/redact'
import type { Settings } from '../../core/settings/settings'
import type { Snapshot } from '../../core/view/snapshot'

export interface DiagnosticFacts {
  readonly version: string
  /** Names and versions of the platform in this order: "Electron" → "45.4.1". */
  readonly platform: Readonly<Record<string, string>>
  readonly settings: Settings
  readonly snapshot: Snapshot
  /** Oldest first. */
  readonly logLines: readonly string[]
}

/** The platform of this process. */
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

/** Shorter names are too likely to be parts of ordinary words. */
const MIN_NAME_LENGTH = 4

/**
 * The diagnostics as text, without keys, content of pods or names of pods, gone ones included. `settings` are included
 * with secrets removed.
 */
export function diagnosticsText({
  version,
  platform,
  settings,
  snapshot,
  logLines,
}: DiagnosticFacts): string {
  const { account, accounts, connection, pods, gonePods, balance } = snapshot
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [`Podkeeper ${version}`, Object.entries(platform).map(([name, value]) => `${name}: ${value}`)],
    [
      'State',
      [
        `account: ${accounts.some(({ entry }) => entry.isDemo) ? 'demo' : account === null ? 'none' : `key ${account.keyStorage}`}`,
        `accounts: ${accounts.length}; ${countsText(accounts.map((part) => (part.entry.isPaused ? 'paused' : part.connection.kind)))}`,
        `monitor only: ${account?.isMonitorOnly ?? false}`,
        `connection: ${JSON.stringify(connection)}`,
        `pod list: ${snapshot.listedAtMs === null ? 'none' : ageText(snapshot.atMs, snapshot.listedAtMs)}${snapshot.isListPartial ? ', partial' : ''}`,
        `pods: ${countsText(pods.map(({ phase }) => phase))}; gone: ${gonePods.length}`,
        `activity: ${countsText(pods.map(({ activity }) => activity.kind))}`,
        `actions: ${countsText(pods.flatMap(({ intent }) => (intent ? [`${intent.action} ${intent.phase}`] : [])))}`,
        `balance: ${balance.kind}`,
        `alerts paused: ${snapshot.alertsPausedUntilMs !== null}`,
        `obstacles: ${countsText(snapshot.obstacles.map(({ code }) => code))}`,
        `notices: ${snapshot.notices.length}`,
      ],
    ],
    ['Settings', Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)],
    ['Log', logLines],
  ]
  return sections
    .map(([title, lines]) =>
      [title, ...lines.map((line) => `  ${redact(withoutNames(line, [...pods, ...gonePods]))}`)].join('\n'),
    )
    .join('\n\n')
    .concat('\n')
}

const ageText = (nowMs: number, atMs: number): string => `${Math.round((nowMs - atMs) / 1_000)} s old`

function countsText(kinds: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ') || 'none'
}

function withoutNames(line: string, pods: readonly { readonly id: string; readonly name: string }[]): string {
  let clean = line
  for (const [index, { id, name }] of pods.entries())
    for (const text of [id, name])
      if (text.length >= MIN_NAME_LENGTH) clean = clean.split(text).join(`[pod ${index + 1}]`)
  return clean
}
