import { DAY_MS } from '../base/time/time'
import { isNewerVersion } from './version'

/**
 * The release line of Electron that this version of Podkeeper is built for. Electron supports its last three major
 * versions, and a new one comes every 8 weeks: "Electron timelines" on electronjs.org.
 */
export const electronLine = { major: 45, releasedAtMs: Date.parse('2026-10-21') }
const SUPPORTED_MS = 24 * 7 * DAY_MS
/** Electron supports no older line while it supports this one. */
const OLDEST_SUPPORTED_MAJOR = electronLine.major - 2

/**
 * What is known of an Electron's security fixes. `test-only`: it is out of support, so the app connects only to this
 * computer. `ended`: its support has ended since the build was made. `behind`: the feed of releases names a newer one
 * with security fixes that it lacks.
 */
export type ElectronSupport =
  | { readonly kind: 'supported' | 'test-only' }
  | { readonly kind: 'ended'; readonly sinceMs: number }
  | { readonly kind: 'behind'; readonly safeVersion: string }

export const isElectronSupported = (version: string): boolean =>
  Number.parseInt(version, 10) >= OLDEST_SUPPORTED_MAJOR

export interface ElectronSupportFacts {
  /** Of the Electron that runs. */
  readonly version: string
  /** The oldest Electron without known security faults, by the signed feed. Null: not known. */
  readonly oldestSafe: string | null
  /** Unix ms. */
  readonly nowMs: number
}

export function electronSupport({ version, oldestSafe, nowMs }: ElectronSupportFacts): ElectronSupport {
  if (!isElectronSupported(version)) return { kind: 'test-only' }
  if (oldestSafe !== null && isNewerVersion(oldestSafe, version))
    return { kind: 'behind', safeVersion: oldestSafe }
  // Another line, as in a build of someone's own, has another end that isn't known here.
  if (Number.parseInt(version, 10) !== electronLine.major) return { kind: 'supported' }
  const sinceMs = electronLine.releasedAtMs + SUPPORTED_MS
  return nowMs < sinceMs ? { kind: 'supported' } : { kind: 'ended', sinceMs }
}
