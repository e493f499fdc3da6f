import fc from 'fast-check'
import type { HistoryFiles } from '../../../src/core/history/history-files'
import type { UsageSample } from '../../../src/core/history/usage'
import { createMemoryHistoryFiles } from '../../../src/node/in-memory/memory-files'

/** A sample of a busy pod with one GPU. */
export function usageSample(overrides: Partial<UsageSample> = {}): UsageSample {
  return {
    podId: 'pod-1',
    atMs: Date.UTC(2026, 10, 24, 14),
    state: 'busy',
    isNewRun: false,
    gpus: [{ util: 94, memory: 41 }],
    cpu: 12.5,
    memory: 20,
    ...overrides,
  }
}

const percent = fc.option(fc.integer({ min: 0, max: 200 }).map((halves) => halves / 2))

/** Any sample at `atMs` of one of three pods. */
export const anySample = (atMs: fc.Arbitrary<number>): fc.Arbitrary<UsageSample> =>
  fc.record({
    podId: fc.constantFrom('pod-1', 'pod-2', '\ud800‮ρ😀'),
    atMs,
    state: fc.constantFrom('unknown', 'busy', 'idle', 'off'),
    isNewRun: fc.boolean(),
    gpus: fc.array(fc.record({ util: percent, memory: percent }), { maxLength: 3 }),
    cpu: percent,
    memory: percent,
  })

/** Files that end the program (`stopsAt`) at a change, by their number from 0, or fail with it while `isFull`. */
export function createFailingFiles(files: HistoryFiles = createMemoryHistoryFiles()): HistoryFiles & {
  changes: number
  stopsAt: number
  isFull: boolean
} {
  const failing = {
    ...files,
    changes: 0,
    stopsAt: Number.POSITIVE_INFINITY,
    isFull: false,
    mayWrite: () => failing.changes <= failing.stopsAt && files.mayWrite(),
    replace: (name: string, bytes: Uint8Array) => change(() => files.replace(name, bytes)),
    append: (name: string, bytes: Uint8Array) => change(() => files.append(name, bytes)),
    remove: (name: string) => change(() => files.remove(name)),
  }
  function change(run: () => void): void {
    if (failing.isFull) throw new Error('ENOSPC: no space left on device')
    if (failing.changes >= failing.stopsAt) {
      failing.changes += 1
      throw new Error('the program ended')
    }
    failing.changes += 1
    run()
  }
  return failing
}
