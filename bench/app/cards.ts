import type { CDPSession } from 'playwright-core'
import { emptySnapshot, type Snapshot } from '../../src/core/view/snapshot'
import { podView, snapshotOf } from '../../test/harness/pod-views'
import { launch, type RunningApp } from '../../test/harness/app/launch'
import { waitUntil } from '../../test/harness/app/wait-until'
import { type Measurement, median, spreadOf } from '../measurement'

const SIZES = [10, 200, 1_000]
const ROUNDS = 20
const WARM_UP = 5

/**
 * How long a snapshot in which 1% of the pods changed keeps the main window's thread busy, compared with a snapshot
 * without changes.
 */
export async function measureCards(): Promise<readonly Measurement[]> {
  const running = await launch()
  try {
    const popover = await running.popover()
    await popover.evaluate("window.app.openWindow('pods')")
    const page = await running.mainWindow()
    // So many pods are a table by default.
    await page.evaluate(`localStorage.setItem('podkeeper.pods-view', '{"layout":"cards"}')`)
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    const measurements: Measurement[] = []
    let revision = 1_000
    for (const size of SIZES) {
      await keepInMain(running, snapshotOfSize(size))
      const send = (changed: number) => sendFromMain(running, (revision += 1), changed)
      await send(0)
      await waitUntil(`${size} cards`, async () => (await page.locator('article').count()) >= size)
      const settled = () =>
        page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))')
      const busyMs = async (changed: number): Promise<number> => {
        const before = await taskMs(session)
        await send(changed)
        await settled()
        return (await taskMs(session)) - before
      }
      const changed = Math.max(1, Math.round(size / 100))
      for (let round = 0; round < WARM_UP; round++) await busyMs(changed)
      const own: number[] = []
      const floor: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        own.push(await busyMs(changed))
        floor.push(await busyMs(0))
      }
      measurements.push({
        group: 'app',
        name: `a snapshot with ${changed} of ${size} cards changed`,
        unit: 'ms',
        value: median(own),
        spread: spreadOf(own),
        baseline: median(floor),
        beside: 'the same snapshot with no card changed',
        goal: size === 1_000 ? { kind: 'difference', atMost: 4 } : null,
      })
    }
    return measurements
  } finally {
    await running.close()
  }
}

function snapshotOfSize(size: number): Snapshot {
  const pods = Array.from({ length: size }, (_, index) =>
    podView({ id: `pod-${index}`, name: `pod ${index}` }),
  )
  return { ...emptySnapshot(Date.now(), []), ...snapshotOf(pods) }
}

/** Creates the snapshot in the app, so that it isn't sent through the debugger in every round. */
async function keepInMain(running: RunningApp, snapshot: Snapshot): Promise<void> {
  await running.app.evaluate((_electron, kept) => {
    Object.assign(globalThis, { benchSnapshot: kept })
  }, snapshot)
}

async function sendFromMain(running: RunningApp, revision: number, changed: number): Promise<void> {
  await running.app.evaluate(
    ({ BrowserWindow }, given) => {
      const { benchSnapshot } = globalThis as unknown as { benchSnapshot: Snapshot }
      // Same as in `serializeSnapshot`, which cannot be imported here because this function is sent to another process.
      const pods = benchSnapshot.pods.map((pod, index) =>
        JSON.stringify(index < given.changed ? { ...pod, utilPercent: given.revision % 100 } : pod),
      )
      const rest = JSON.stringify({ ...benchSnapshot, pods: [], revision: given.revision })
      for (const window of BrowserWindow.getAllWindows())
        if (window.webContents.getURL().includes('window.html'))
          window.webContents.send('podkeeper:event:snapshot', { pods, rest })
    },
    { revision, changed },
  )
}

async function taskMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000
}
