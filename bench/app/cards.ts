import type { CDPSession, Page } from 'playwright-core'
import { emptySnapshot, type Snapshot } from '../../src/core/view/snapshot'
import { podView, snapshotOf } from '../../test/harness/samples/pod-views'
import { launch, type RunningApp } from '../../test/harness/app/start/launch'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { type Goal, type Measurement, median, spreadOf } from '../measurement'

/** By the number of pods. */
const goals: Readonly<Record<number, Goal>> = {
  10: { kind: 'value', atMost: 3 },
  1_000: { kind: 'difference', atMost: 4 },
}
const SIZES = { cards: [10, 200, 1_000], table: [200, 1_000] } as const
const ROUNDS = 20
const WARM_UP = 5

type Layout = keyof typeof SIZES

/**
 * How long a snapshot in which 1% of the pods changed keeps the main window's thread busy, compared with a snapshot
 * without changes, and how long the longest frame is while a thousand rows are scrolled.
 */
export async function measureCards(): Promise<readonly Measurement[]> {
  const running = await launch()
  try {
    const popover = await running.popover()
    await popover.evaluate("window.app.openWindow('pods')")
    const page = await running.mainWindow()
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    const stage: Stage = { running, page, session, revision: 1_000 }
    const measurements: Measurement[] = []
    for (const layout of ['cards', 'table'] as const) {
      // So many pods are a table by default.
      await page.evaluate(`localStorage.setItem('podkeeper.pods-view', '{"layout":"${layout}"}')`)
      await page.reload()
      await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
      for (const size of SIZES[layout]) measurements.push(await measureChange(stage, layout, size))
      measurements.push(await measureScrolling(stage, layout))
    }
    return measurements
  } finally {
    await running.close()
  }
}

interface Stage {
  readonly running: RunningApp
  readonly page: Page
  readonly session: CDPSession
  /** Of the last snapshot. */
  revision: number
}

async function measureChange(stage: Stage, layout: Layout, size: number): Promise<Measurement> {
  const { running, page, session } = stage
  await keepInMain(running, snapshotOfSize(size))
  const send = (changed: number) => sendFromMain(running, (stage.revision += 1), changed)
  await send(0)
  await waitUntil(`${size} pods as ${layout}`, async () =>
    layout === 'cards'
      ? (await page.locator('article').count()) === size
      : Number(await page.getByRole('grid').getAttribute('aria-rowcount')) > size,
  )
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
  return {
    group: 'app',
    name: `a snapshot with ${changed} of ${size} ${layout === 'cards' ? 'cards' : 'rows'} changed`,
    unit: 'ms',
    value: median(own),
    spread: spreadOf(own),
    baseline: median(floor),
    beside: 'the same snapshot with no pod changed',
    goal: goals[size] ?? null,
  }
}

/** How far each frame scrolls, px: about as fast as a wheel that is turned quickly. */
const SCROLL_STEP_PX = 120
const SCROLL_FRAMES = 250
const SCROLL_ROUNDS = 5

/** The longest time between two frames of the page's thread, and beside it that of the same time at rest. */
async function measureScrolling({ page }: Stage, layout: Layout): Promise<Measurement> {
  const longestMs = (stepPx: number): Promise<number> =>
    page.evaluate(
      ([step, frames]) =>
        new Promise<number>((done) => {
          const { document, requestAnimationFrame } = globalThis as unknown as {
            readonly document: {
              querySelector(selector: string): { scrollTop: number; scrollHeight: number }
            }
            readonly requestAnimationFrame: (run: (atMs: number) => void) => void
          }
          const main = document.querySelector('main')
          main.scrollTop = 0
          const drawn: number[] = []
          const draw = (atMs: number) => {
            drawn.push(atMs)
            main.scrollTop += step
            if (drawn.length <= frames) requestAnimationFrame(draw)
            else done(Math.max(...drawn.slice(1).map((at, index) => at - (drawn[index] ?? at))))
          }
          requestAnimationFrame(draw)
        }),
      [stepPx, SCROLL_FRAMES] as const,
    )
  const scrolling: number[] = []
  const resting: number[] = []
  for (let round = 0; round < SCROLL_ROUNDS; round++) {
    scrolling.push(await longestMs(SCROLL_STEP_PX))
    resting.push(await longestMs(0))
  }
  return {
    group: 'app',
    name: `the longest frame while 1000 ${layout === 'cards' ? 'cards' : 'rows'} are scrolled`,
    unit: 'ms',
    value: median(scrolling),
    spread: spreadOf(scrolling),
    baseline: median(resting),
    beside: 'the same time without scrolling',
    goal: layout === 'table' ? { kind: 'value', atMost: 50 } : null,
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
