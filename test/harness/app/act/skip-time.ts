import type { ElectronApplication } from 'playwright-core'

/** Time that continues as usual, and can be skipped: in the app's main process, and for the simulator of the test. */
export interface SkippableTime {
  /** Unix ms. */
  readonly nowMs: () => number
  /**
   * Skips `ms` in steps. In each the timers of the main process that are due fire, and their requests are answered
   * before the next. Resolves to how many steps it took.
   */
  skip(app: ElectronApplication, ms: number): Promise<number>
}

/** A step is at least this long, so that timers that fire often cost less: a timer fires late by as much. */
const MIN_STEP_MS = 20_000
const MAX_STEP_MS = 120_000

/** What the main process keeps, under this name, once time can be skipped there. */
interface Skipping {
  jump(ms: number): Promise<number>
}

/** `offsetMs` is added to the wall clock from the start on; the app has it once `skip` or `install` was called. */
export function createSkippableTime(offsetMs: number): SkippableTime & {
  install(app: ElectronApplication): Promise<void>
} {
  let skippedMs = offsetMs
  return {
    nowMs: () => Date.now() + skippedMs,
    install: (app) => app.evaluate(installSkipping, skippedMs),
    async skip(app, ms) {
      let steps = 0
      let nextMs = 0
      for (let leftMs = ms; leftMs > 0; steps += 1) {
        const stepMs = Math.min(leftMs, MAX_STEP_MS, Math.max(MIN_STEP_MS, nextMs))
        leftMs -= stepMs
        // Before the app sends anything at that time.
        skippedMs += stepMs
        nextMs = await app.evaluate(
          (_, jumpMs) => (globalThis as unknown as { skipping: Skipping }).skipping.jump(jumpMs),
          stepMs,
        )
      }
      return steps
    },
  }
}

/** Runs in the main process, so it uses nothing from outside. */
function installSkipping(_electron: unknown, offsetMs: number): void {
  const real = {
    now: Date.now.bind(Date),
    monotonic: performance.now.bind(performance),
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
  }
  interface Timer {
    dueMs: number
    readonly isDeadline: boolean
    readonly run: () => void
    handle: ReturnType<typeof setTimeout>
  }
  /** Time limits of requests are this long; see `DEADLINE_MS` in src/providers/http/http-client.ts. */
  const DEADLINE_MS = 10_000
  /** Shorter ones are left alone. */
  const MIN_DELAY_MS = 50
  const MAX_SETTLE_MS = 2_000
  const timers = new Map<unknown, Timer>()
  let skippedMs = 0
  const monotonicMs = (): number => real.monotonic() + skippedMs

  const arm = (timer: Timer): void => {
    timer.handle = real.setTimeout(() => fire(timer), Math.max(0, timer.dueMs - monotonicMs()))
  }
  const fire = (timer: Timer): void => {
    for (const [token, each] of timers) if (each === timer) timers.delete(token)
    timer.run()
  }
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

  Date.now = () => real.now() + offsetMs + skippedMs
  Object.defineProperty(performance, 'now', { configurable: true, value: monotonicMs })
  globalThis.setTimeout = ((run: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) => {
    if (delayMs < MIN_DELAY_MS) return real.setTimeout(run, delayMs, ...args)
    const handle = real.setTimeout(() => fire(timer), delayMs)
    const timer: Timer = {
      dueMs: monotonicMs() + delayMs,
      isDeadline: Math.abs(delayMs - DEADLINE_MS) < MIN_DELAY_MS,
      run: () => run(...args),
      handle,
    }
    timers.set(handle, timer)
    return handle
  }) as typeof setTimeout
  globalThis.clearTimeout = ((token: Parameters<typeof clearTimeout>[0]) => {
    const timer = timers.get(token)
    if (timer !== undefined) real.clearTimeout(timer.handle)
    timers.delete(token)
    real.clearTimeout(token)
  }) as typeof clearTimeout

  const skipping: Skipping = {
    async jump(ms) {
      skippedMs += ms
      for (const timer of timers.values()) real.clearTimeout(timer.handle)
      const due = [...timers.values()].filter(({ dueMs }) => dueMs <= monotonicMs())
      for (const timer of due.sort((a, b) => a.dueMs - b.dueMs)) fire(timer)
      const endMs = real.monotonic() + MAX_SETTLE_MS
      await settle()
      await settle()
      // While a request is in flight, its time limit is pending.
      while (real.monotonic() < endMs && [...timers.values()].some(({ isDeadline }) => isDeadline))
        await new Promise((resolve) => real.setTimeout(resolve, 1))
      for (const timer of timers.values()) {
        real.clearTimeout(timer.handle)
        arm(timer)
      }
      return Math.min(
        ...[...timers.values()].map(({ dueMs }) => dueMs - monotonicMs()),
        Number.MAX_SAFE_INTEGER,
      )
    },
  }
  Object.assign(globalThis, { skipping })
}
