import type { Page } from 'playwright-core'
import { watchPauses } from '../../test/harness/app/act/watch-pauses'
import type { RunningApp } from '../../test/harness/app/start/launch'
import type { Measurement } from '../measurement'
import { mostMemoryMbOf, resetMostMemory } from '../processes'
import { watchFrames } from './frames'

const MAX_PAUSE_MS = 50
const MAX_FRAME_MS = 250

/**
 * Watches main and a window from now on. The returned function ends it, and returns the longest pause of main, the
 * longest time without a frame and the most memory that main held meanwhile, which may be `maxHeldMb` more than before.
 */
export async function watchAttack(
  running: RunningApp,
  page: Page,
  maxHeldMb: number,
): Promise<(name: string) => Promise<readonly Measurement[]>> {
  const heldBeforeMb = resetMostMemory(running.pid)
  const endOfWatch = await watchPauses(running.app)
  const longestFrameMs = await watchFrames(page)
  return async (name) => {
    const { longestMs, mostWorkMs } = await endOfWatch()
    const frameMs = await longestFrameMs()
    const figure = (what: string, unit: string, value: number, atMost: number): Measurement => ({
      group: 'hostile',
      name: `${name}: ${what}`,
      unit,
      value,
      spread: null,
      baseline: null,
      beside: null,
      goal: { kind: 'value', atMost },
    })
    return [
      figure('longest pause of main', 'ms', longestMs, MAX_PAUSE_MS),
      figure('most work of main in a pause', 'ms', mostWorkMs, MAX_PAUSE_MS),
      figure('longest time without a frame', 'ms', frameMs, MAX_FRAME_MS),
      {
        ...figure('most memory of main', 'MB', mostMemoryMbOf(running.pid), maxHeldMb),
        baseline: heldBeforeMb,
        beside: 'before it',
        goal: { kind: 'difference', atMost: maxHeldMb },
      },
    ]
  }
}
