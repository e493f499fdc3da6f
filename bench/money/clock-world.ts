import type { Clock } from '../../src/core/base/time/clock'
import { HOUR_MS, type Instant, SECOND_MS } from '../../src/core/base/time/time'
import type { Pod } from '../../src/core/pods/pod'
import type { ServerTime } from '../../src/core/pods/provider'

/** One pod that runs or is stopped, and clocks that are right or wrong. All times are Unix ms of the true time. */
export interface ClockWorld {
  readonly clock: Clock
  trueMs(): number
  /** Passes while the computer is awake. Timers that are due run. */
  pass(ms: number): void
  /** The computer sleeps: its monotonic clock stands still. */
  sleep(ms: number): void
  /** Another process starts; no timer of the last one survives. */
  restart(): void
  setWallError(ms: number): void
  /** The server's clock is wrong by this, ms. */
  setServerError(ms: number): void
  readonly serverTime: () => ServerTime
  /** Starts or stops the pod; what it cost follows. */
  setRunning(isRunning: boolean): void
  /** Its uptime starts over while it is billed on. */
  restartContainer(): void
  pod(): Pod
  /** What the pod truly cost, USD. */
  costUsd(): number
}

const COST_PER_HOUR_USD = 3.6

export function createClockWorld(startMs: number): ClockWorld {
  let trueMs = startMs
  let monotonicMs = 1_000
  let wallErrorMs = 0
  let serverErrorMs = 0
  let runs = 1
  let timers: readonly { readonly dueMs: number; readonly run: () => void }[] = []
  let startedAtMs: number | null = startMs
  let containerAtMs = startMs
  let lastStartMs = startMs
  let ranMs = 0

  const now = (): Instant => ({ wallMs: trueMs + wallErrorMs, monotonicMs, runId: `run-${runs}` })

  return {
    clock: {
      now,
      schedule(delayMs, run) {
        const timer = { dueMs: monotonicMs + delayMs, run }
        timers = [...timers, timer]
        return () => {
          timers = timers.filter((other) => other !== timer)
        }
      },
      defer: (run) => run(),
    },
    trueMs: () => trueMs,
    pass(ms) {
      trueMs += ms
      // A real one has fractions, and drifts.
      monotonicMs += ms + 0.125
      const due = timers.filter(({ dueMs }) => dueMs <= monotonicMs)
      timers = timers.filter(({ dueMs }) => dueMs > monotonicMs)
      for (const { run } of due) run()
    },
    sleep(ms) {
      trueMs += ms
    },
    restart() {
      runs += 1
      monotonicMs = 1_000
      timers = []
    },
    setWallError(ms) {
      wallErrorMs = ms
    },
    setServerError(ms) {
      serverErrorMs = ms
    },
    serverTime: () => ({
      atMs: Math.floor((trueMs + serverErrorMs) / SECOND_MS) * SECOND_MS,
      receivedAt: now(),
    }),
    setRunning(isRunning) {
      if (isRunning === (startedAtMs !== null)) return
      if (startedAtMs !== null) ranMs += trueMs - startedAtMs
      startedAtMs = isRunning ? trueMs : null
      if (isRunning) lastStartMs = trueMs
      containerAtMs = trueMs
    },
    restartContainer() {
      containerAtMs = trueMs
    },
    pod: () =>
      podOf(startedAtMs !== null, startMs, lastStartMs, Math.floor((trueMs - containerAtMs) / SECOND_MS)),
    costUsd: () =>
      ((ranMs + (startedAtMs === null ? 0 : trueMs - startedAtMs)) / HOUR_MS) * COST_PER_HOUR_USD,
  }
}

const podOf = (isRunning: boolean, createdAtMs: number, startedAtMs: number, uptimeS: number): Pod => ({
  id: 'pod-1',
  name: 'trainer',
  phase: isRunning ? 'running' : 'stopped',
  rawStatus: isRunning ? 'RUNNING' : 'EXITED',
  statusReason: null,
  actions: [],
  gpu: { name: 'A100 SXM', count: 1 },
  cpu: { name: 'EPYC' },
  vcpuCount: 4,
  containerDiskGb: 0,
  persistentMount: null,
  networkMounts: [],
  areMountsKnown: true,
  dataCenterId: null,
  cloud: 'SECURE',
  costPerHourUsd: isRunning ? COST_PER_HOUR_USD : 0,
  isLocked: false,
  clusterId: null,
  ssh: { direct: null, proxy: null },
  telemetry: isRunning
    ? {
        gpus: [{ utilPercent: 0, memoryUtilPercent: 10 }],
        cpuUtilPercent: 1,
        memoryUtilPercent: 20,
        uptimeS,
      }
    : null,
  createdAtMs,
  startedAtMs,
})
