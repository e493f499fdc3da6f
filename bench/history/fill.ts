import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { createHistoryStore, type HistoryStore } from '../../src/core/history/history-store'
import type { UsageSample } from '../../src/core/history/usage'
import { openHistoryFiles } from '../../src/node/data-folder/records/history-files'
import { hashNoise } from '../seeded-random'

export const podIdAt = (index: number): string => `pod${String(index).padStart(11, '0')}`

/** A single-GPU pod that works two thirds of the time, with figures as noisy as those of real training. */
export function noisySample(index: number, atMs: number): UsageSample {
  const noise = (place: number, span: number): number =>
    Math.round(hashNoise(index * 7 + place, Math.floor(atMs / SECOND_MS)) * span * 2) / 2
  const isIdle = hashNoise(index, Math.floor(atMs / (3 * HOUR_MS))) < 1 / 3
  return {
    podId: podIdAt(index),
    atMs,
    state: isIdle ? 'idle' : 'busy',
    isNewRun: false,
    gpus: [{ util: isIdle ? noise(1, 2) : 75 + noise(1, 25), memory: isIdle ? 4 : 60 + noise(2, 8) }],
    cpu: isIdle ? noise(3, 2) : 10 + noise(3, 30),
    memory: 20 + noise(4, 3),
  }
}

/** Records `podCount` pods from `fromMs` to `toMs` as a watch would. */
export async function fillHistory(
  folder: string,
  podCount: number,
  fromMs: number,
  toMs: number,
  stepMsAt: (atMs: number) => number,
): Promise<HistoryStore> {
  let nowMs = fromMs
  const store = createHistoryStore({
    files: openHistoryFiles(folder, () => true),
    nowMs: () => nowMs,
    onProblem: (problem) => {
      if (problem !== null) throw new Error(problem)
    },
  })
  while (nowMs < toMs) {
    const stepMs = stepMsAt(nowMs)
    const atMs = nowMs + (nowMs % 7)
    store.record(Array.from({ length: podCount }, (_, index) => noisySample(index, atMs)))
    if (Math.floor((nowMs + stepMs) / HOUR_MS) !== Math.floor(nowMs / HOUR_MS)) await store.settled()
    nowMs += stepMs
  }
  await store.settled()
  return store
}

/** The files keep every sample of the last days only, so that polls far apart make the same rows of older hours. */
export const fullLaterOn =
  (endMs: number) =>
  (atMs: number): number =>
    atMs >= endMs - 10 * DAY_MS ? 15 * SECOND_MS : 5 * MINUTE_MS
