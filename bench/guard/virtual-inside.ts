import type { LookInside } from '../../src/core/guard/evidence/inside-looks'
import type { InsideReading } from '../../src/core/idle/inside/inside-look'
import { fail, ok } from '../../src/core/base/result'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import type { SeededRandom } from '../seeded-random'
import type { RunClock, SettableClock } from './virtual-clock'
import type { CloudPod } from './cloud-pod'
import type { VirtualCloud } from './virtual-cloud'

/** How often a look reads while it lasts. */
const READINGS = 3

export interface VirtualInsideOptions {
  readonly cloud: VirtualCloud
  readonly clock: SettableClock
  /** The clock of the program that looks. */
  readonly runClock: RunClock
  readonly random: SeededRandom
  /** The program has received the verdict. */
  readonly onLook: (podId: string, verdict: InsideReading['verdict']) => void
}

/** Looks inside pods: finds what really works in them, where the host key is trusted. */
export function createVirtualInside(options: VirtualInsideOptions): LookInside {
  const { cloud, clock, runClock, random, onLook } = options

  function isWorking(truth: CloudPod): boolean {
    return cloud.replyOf(truth).sample?.isWorking === true
  }

  async function look(podId: string): ReturnType<LookInside>['result'] {
    const first = cloud.pod(podId)
    if (first?.plan.isHostKeyTrusted !== true) return fail("its host key isn't trusted yet")
    const startedAtMs = first.startedAtMs
    await pause(random.between(0.2, 9) * SECOND_MS)
    let works = false
    for (let reading = 0; reading < READINGS; reading += 1) {
      if (reading > 0) await pause(MINUTE_MS / (READINGS - 1))
      const truth = cloud.pod(podId)
      if (truth?.status !== 'running' || truth.startedAtMs !== startedAtMs || clock.isAsleep())
        return fail('the connection was lost')
      works ||= isWorking(truth)
    }
    const verdict = works ? 'working' : 'at-rest'
    onLook(podId, verdict)
    return ok({
      verdict,
      at: runClock.now(),
      intervalMs: MINUTE_MS,
      processCount: 12,
      busiest: works ? { name: 'python3', percentOfCore: 97 } : null,
      diskBytesPerS: 0,
      networkBytesPerS: 0,
    })
  }

  const pause = (forMs: number): Promise<void> =>
    new Promise((settle) => void clock.at(clock.trueMs() + forMs, settle))

  // Looks that stand for figures are in the lives of bench/telemetry. Here a pod without figures is unknown.
  const notHere = Promise.resolve(fail('its looks are given up'))
  return ({ id }, how) => ({ result: how === 'each-minute' ? notHere : look(id), cancel() {} })
}
