/** A mistake that somebody could make in core: `from`, which occurs once in the file, becomes `to`. */
export interface Fault {
  readonly says: string
  /** Of `src/core`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/** Mistakes that the lives must show, each by itself. */
export const faults: readonly Fault[] = [
  {
    says: 'time that nobody observed counts as idle',
    file: 'episode.ts',
    from: 'elapsedMs(from, to) <= rules.gapMs &&',
    to: '',
  },
  {
    says: 'an unknown look counts as idle',
    file: 'sample.ts',
    from: "if (telemetry === null) return unknown('no-telemetry')",
    to: "if (telemetry === null) return { kind: 'idle' }",
  },
  {
    says: 'a pod that has no GPU is never busy',
    file: 'sample.ts',
    from: 'expectedGpus === 0 &&',
    to: 'expectedGpus === -1 &&',
  },
  {
    says: 'a pod is busy only when it does more than the threshold',
    file: 'sample.ts',
    from: 'gpu.utilPercent !== null && gpu.utilPercent >= rules.busyAtPercent',
    to: 'gpu.utilPercent !== null && gpu.utilPercent > rules.busyAtPercent',
  },
  {
    says: 'booting counts as idle',
    file: 'sample.ts',
    from: "if (isBooting(telemetry, rules)) return unknown('booting')",
    to: '',
  },
  {
    says: 'a restart of the pod does not end its episode',
    file: 'activity.ts',
    from: 'const before = hasRestarted ?',
    to: 'const before = hasRestarted && false ?',
  },
]
