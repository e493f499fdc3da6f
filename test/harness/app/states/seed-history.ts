import { copyFileSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { createHistoryStore } from '../../../../src/core/history/history-store'
import type { UsageSample } from '../../../../src/core/history/usage'
import { historyFolder, openHistoryFiles } from '../../../../src/node/data-folder/records/history-files'

interface SeedOptions {
  readonly dataDir: string
  readonly accountId: string
  readonly podIds: readonly string[]
  readonly gpuCount?: number
  readonly days: number
  /** How far apart samples are, ms. */
  readonly stepMs?: number
  /** It ends with the hour before, Unix ms. Default: now. */
  readonly beforeMs?: number
}

/**
 * Writes the history of pods up to the beginning of an hour, as an earlier run of the app would have: each day
 * they are stopped at first, then busy with a gap in between, and idle at the end.
 */
export async function seedHistory({
  dataDir,
  accountId,
  podIds,
  gpuCount = 1,
  days,
  stepMs = MINUTE_MS,
  beforeMs = Date.now(),
}: SeedOptions): Promise<void> {
  const made = mkdtempSync(join(tmpdir(), 'podkeeper-seed-'))
  let nowMs = 0
  const store = createHistoryStore({
    files: openHistoryFiles(made, () => true),
    nowMs: () => nowMs,
    onProblem: (problem) => {
      if (problem !== null) throw new Error(problem)
    },
  })
  const endMs = Math.floor(beforeMs / HOUR_MS) * HOUR_MS
  for (nowMs = endMs - days * 24 * HOUR_MS; nowMs < endMs; nowMs += stepMs) {
    const hour = 24 - (((endMs - nowMs) / HOUR_MS) % 24)
    if (hour >= 20 && hour < 20.5) continue
    store.record(podIds.map((podId, index) => sampleAt(podId, nowMs, hour, gpuCount, index)))
    if (nowMs % HOUR_MS === 0) await store.settled()
  }
  // One of the present hour, so that the hour before is moved.
  store.record([sampleAt('another', endMs, 0, 1, 0)])
  await store.settled()
  copySegments(made, historyFolder(dataDir, accountId))
}

/** Copies all but the journals, which a running app has of its own. */
export function copySegments(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(from))
    if (!name.startsWith('journal')) copyFileSync(join(from, name), join(to, name))
}

function sampleAt(podId: string, atMs: number, hour: number, gpuCount: number, seed: number): UsageSample {
  const noise = (span: number): number => {
    const value = Math.sin(atMs / 97_003 + seed) * 43_758.5453
    return Math.round((value - Math.floor(value)) * span * 2) / 2
  }
  if (hour < 18) return { podId, atMs, state: 'off', isNewRun: false, gpus: [], cpu: null, memory: null }
  const isIdle = hour >= 22
  return {
    podId,
    atMs,
    state: isIdle ? 'idle' : 'busy',
    isNewRun: hour === 18,
    gpus: Array.from({ length: gpuCount }, (_, index) => ({
      util: isIdle ? noise(2) : 80 + noise(18) - index * 6,
      memory: 41,
    })),
    cpu: isIdle ? 1 : 20 + noise(8),
    memory: 12,
  }
}
