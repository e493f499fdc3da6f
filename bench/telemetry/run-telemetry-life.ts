import { ok } from '../../src/core/base/result'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import type { LookInside } from '../../src/core/guard/evidence/inside-looks'
import type { Pod } from '../../src/core/pods/pod'
import { parsePod } from '../../src/providers/runpod/parse/parse-pod'
import { createFakeClock, START_MS } from '../../test/harness/base/fake-clock'
import { createMonitorFixture } from '../../test/harness/monitor/monitor-fixture'
import { ticked } from '../../test/harness/guard/guarded-monitor'
import { isDeadAt, LIFE_MS, type TelemetryLife, wirePod, worksWithin } from './telemetry-life'

/** What came of a life; times are from its start, ms. Null: it did not happen. */
export interface TelemetryOutcome {
  readonly stoppedMs: number | null
  readonly idleAlertMs: number | null
  readonly unknownAlertMs: number | null
  readonly readyMs: number | null
  readonly noContainerMs: number | null
  readonly diedMs: number | null
  readonly singleReads: number
  readonly looks: number
}

export const STOP_AFTER_MS = 60 * MINUTE_MS
export const ALERT_AFTER_MS = 15 * MINUTE_MS
export const POLL_MS = 15 * SECOND_MS
const LOOK_MS = 62 * SECOND_MS

/** Runs the real monitor on a life until it stops the pod, or the life ends. */
export async function runTelemetryLife(life: TelemetryLife): Promise<TelemetryOutcome> {
  const clock = createFakeClock()
  const startMs = clock.now().monotonicMs
  const nowMs = (): number => clock.now().monotonicMs - startMs
  const startedAt = new Date(START_MS).toISOString()
  let lookups = 0
  let looks = 0
  let singleReads = 0
  let stoppedMs: number | null = null

  function podOf(how: 'listed' | 'single'): Pod {
    lookups += 1
    const parsed = parsePod(wirePod(life, nowMs(), lookups, how, startedAt))
    if (parsed === null) throw new Error('The pod of a life cannot be read.')
    return stoppedMs === null ? parsed : { ...parsed, phase: 'stopped', rawStatus: 'EXITED', telemetry: null }
  }

  const lookInside: LookInside = () => {
    looks += 1
    const result = new Promise<Awaited<ReturnType<LookInside>['result']>>((resolve) => {
      clock.schedule(LOOK_MS, () => {
        const isWorking = worksWithin(life.work, nowMs() - MINUTE_MS, nowMs())
        resolve(
          life.canLook && nowMs() >= life.upMs && !isDeadAt(life, nowMs())
            ? ok({
                verdict: isWorking ? 'working' : 'at-rest',
                at: clock.now(),
                intervalMs: MINUTE_MS,
                processCount: 3,
                busiest: null,
                diskBytesPerS: 0,
                networkBytesPerS: 0,
              })
            : { ok: false, error: 'its SSH server could not be reached' },
        )
      })
    })
    return { result, cancel: () => undefined }
  }

  const fixture = createMonitorFixture({
    clock,
    guard: ticked(),
    settings: { autoStopAfterMin: 60, pollActiveS: POLL_MS / SECOND_MS },
    lookInside,
  })
  const { provider, monitor } = fixture
  const alertMs = new Map<string, number>()
  provider.listPods = async () => ok({ pods: [podOf('listed')], isComplete: true })
  provider.getPod = async () => {
    singleReads += 1
    return ok(podOf('single'))
  }
  provider.act = async (_, action) => {
    if (action === 'stop') stoppedMs ??= nowMs()
    return ok(null)
  }
  monitor.start()
  while (nowMs() < LIFE_MS && stoppedMs === null) {
    await clock.advanceAsync(POLL_MS)
    for (const { key } of fixture.alerts.splice(0)) if (!alertMs.has(key.kind)) alertMs.set(key.kind, nowMs())
  }
  monitor.dispose()
  const firstOf = (kind: string): number | null => alertMs.get(kind) ?? null
  return {
    stoppedMs,
    idleAlertMs: firstOf('idle'),
    unknownAlertMs: firstOf('activity-unknown'),
    readyMs: firstOf('pod-ready'),
    noContainerMs: firstOf('no-container'),
    diedMs: firstOf('container-died'),
    singleReads,
    looks,
  }
}
