import { createFakeClock, START_MS, type FakeClock } from '../../base/fake-clock'
import { requestsInFlight } from './requests-in-flight'

/** In which nothing is on its way, before a scene counts as settled. */
const QUIET_TURNS = 3
/**
 * A reply that the simulator holds back by a fault is not waited for any longer, about two seconds. Counted in turns of
 * the event loop, which a busy machine doesn't use up.
 */
const MAX_SETTLE_TURNS = 1_500

/** The time of a scene, which passes only when the test says so. */
export interface SceneTime {
  readonly clock: FakeClock
  /** Waits until requests to the simulator were answered and what follows from that was done. */
  settle(): Promise<void>
  /** Lets time pass. Each timer runs at its own time, with all that follows from it. */
  advance(ms: number): Promise<void>
  /** Lets time pass from timer to timer until the condition holds. */
  advanceUntil(what: string, isSo: () => boolean): Promise<void>
}

/** `url`: of the simulator. */
export function createSceneTime(url: () => string, startsAtMs = START_MS): SceneTime {
  const clock = createFakeClock(startsAtMs)
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(() => setImmediate(resolve), 0)
    })

  async function settle(): Promise<void> {
    let quiet = 0
    for (let turns = 0; quiet < QUIET_TURNS && turns < MAX_SETTLE_TURNS; turns += 1) {
      await turn()
      quiet = requestsInFlight(url()) > 0 ? 0 : quiet + 1
    }
  }

  return {
    clock,
    settle,
    async advance(ms) {
      await settle()
      const endMs = clock.now().monotonicMs + ms
      for (;;) {
        const leftMs = endMs - clock.now().monotonicMs
        const [nextMs = Infinity] = clock.pendingDelaysMs()
        if (nextMs > leftMs) {
          clock.advance(leftMs)
          return
        }
        clock.advance(nextMs)
        await settle()
      }
    },
    async advanceUntil(what, isSo) {
      await settle()
      for (let timers = 0; !isSo(); timers += 1) {
        const [nextMs] = clock.pendingDelaysMs()
        if (nextMs === undefined || timers > 1_000) throw new Error(`Waited in vain for ${what}.`)
        clock.advance(nextMs)
        await settle()
      }
    },
  }
}
