import { readdirSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'
import { podKeyOf } from '../../src/core/pods/pod'
import { copySegments } from '../../test/harness/app/states/seed-history'
import { accountIdOf, openScene } from '../../test/harness/app/start/scene'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { type Measurement, median } from '../measurement'
import { fillHistory, podIdAt } from './fill'

const PODS = 200
/** Of an account without a history, as a baseline. */
const EMPTY_PODS = 20
const MAX_FRAME_MS = 50

/**
 * The longest frame while the week of each of 200 pods is drawn, scrubbed and zoomed in the real window, beside the
 * same with charts of nothing.
 */
export async function measureHistoryDrawing(): Promise<readonly Measurement[]> {
  const pods = Array.from({ length: PODS + EMPTY_PODS }, (_, index) => ({
    id: index < PODS ? podIdAt(index) : `empty${index}`,
    name: `pod-${index}`,
    mode: 'training' as const,
  }))
  const scene = await openScene({ pods, settings: { pollActiveS: 60, pollIdleS: 60 } })
  try {
    await scene.pasteKey()
    const accountId = await accountIdOf(scene.page)
    const endMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS
    const made = await mkdtemp(join(tmpdir(), 'podkeeper-history-'))
    await fillHistory(made, PODS, endMs - 7 * DAY_MS, endMs, () => MINUTE_MS)
    copySegments(made, join(scene.running.dataDir, 'history', accountId))
    if (readdirSync(join(scene.running.dataDir, 'history', accountId)).length < 10)
      throw new Error('no history')
    await scene.page.evaluate("window.app.openWindow('pods')")
    const page = await scene.running.mainWindow()
    await page.setViewportSize({ width: 1_180, height: 820 })
    const handle = await scene.running.app.browserWindow(page)
    const open = (podId: string): Promise<void> =>
      handle.evaluate(
        (one, about) =>
          (one as Electron.BrowserWindow).webContents.send('podkeeper:event:showPage', {
            page: 'pod',
            about,
          }),
        podKeyOf(accountId, podId),
      )
    await waitUntil('the first chart', async () => {
      // Until the page listens.
      await open(podIdAt(0))
      return (await page.locator('.plot canvas').count()) > 0
    })
    const use = async (from: number, to: number, isFull: boolean): Promise<readonly Visit[]> => {
      const visits: Visit[] = []
      for (let index = from; index < to; index++) {
        await open(pods[index]?.id ?? '')
        await waitUntil(
          'the page of the pod',
          async () => (await page.locator('h1').textContent()) === `pod-${index}`,
        )
        visits.push(await useChart(page, isFull))
      }
      return visits
    }
    // The first one loads the page.
    await use(0, 1, true)
    const empty = await use(PODS, PODS + EMPTY_PODS, false)
    const full = await use(0, PODS, true)
    const beside = `charts of ${EMPTY_PODS} pods without a history`
    const of = { group: 'history', unit: 'ms', spread: null, beside } as const
    /** Visits with a frame that long, in percent. */
    const slowPercent = (visits: readonly Visit[], msOf: (visit: Visit) => number): number =>
      (100 * visits.filter((visit) => msOf(visit) > MAX_FRAME_MS).length) / visits.length
    /** The longest of all, which other programs on the computer lengthen as well, and that of a usual visit. */
    const frames = (name: string, msOf: (visit: Visit) => number): readonly Measurement[] => [
      {
        ...of,
        name: `${name}, pods with a frame over ${MAX_FRAME_MS} ms`,
        unit: '%',
        value: slowPercent(full, msOf),
        baseline: slowPercent(empty, msOf),
        goal: null,
      },
      {
        ...of,
        name: `${name}, longest frame`,
        value: Math.max(...full.map(msOf)),
        baseline: Math.max(...empty.map(msOf)),
        goal: { kind: 'value', atMost: MAX_FRAME_MS },
      },
      {
        ...of,
        name: `${name}, longest frame of one pod, median`,
        value: median(full.map(msOf)),
        baseline: median(empty.map(msOf)),
        goal: { kind: 'value', atMost: MAX_FRAME_MS },
      },
    ]
    return [
      ...frames(`a week of ${PODS} pods drawn`, ({ drawnMs }) => drawnMs),
      ...frames('… scrubbed', ({ scrubbedMs }) => scrubbedMs),
      ...frames('… zoomed and moved', ({ zoomedMs }) => zoomedMs),
      {
        ...of,
        name: '… from the choice of the week until it is drawn',
        value: median(full.map(({ shownMs }) => shownMs)),
        baseline: median(empty.map(({ shownMs }) => shownMs)),
        goal: null,
      },
    ]
  } finally {
    await scene.close()
  }
}

interface Visit {
  readonly drawnMs: number
  readonly scrubbedMs: number
  readonly zoomedMs: number
  readonly shownMs: number
}

/** Chooses a week, moves the crosshair and zooms, and returns the longest frame of each. */
const useChart = (page: Page, isFull: boolean): Promise<Visit> =>
  page.evaluate<Visit>(`(async () => {
    const chart = () => document.querySelector('.usage-lanes')
    const summary = () => document.getElementById(chart().getAttribute('aria-describedby')).textContent
    const frame = () => new Promise((done) => requestAnimationFrame(done))
    /** The longest time between two frames while \`run\` continues. */
    async function longest(run) {
      let [last, most, isOver] = [await frame(), 0, false]
      const watching = (async () => {
        while (!isOver) {
          const now = await frame()
          most = Math.max(most, now - last)
          last = now
        }
      })()
      await run()
      isOver = true
      await watching
      return most
    }
    for (let frames = 0; frames < 10; frames++) await frame()
    const startMs = performance.now()
    let shownMs = 0
    const drawnMs = await longest(async () => {
      ;[...document.querySelectorAll('.usage .segment')].find((each) => each.textContent === '7 d').click()
      const isShown = ${isFull} ? () => /busy for [2-6] d/.test(summary()) : () => /not observed for [67] d/.test(summary())
      while (!isShown()) await frame()
      shownMs = performance.now() - startMs
      for (let frames = 0; frames < 10; frames++) await frame()
    })
    const over = document.querySelector('.plot .u-over')
    const box = over.getBoundingClientRect()
    const scrubbedMs = await longest(async () => {
      for (let step = 0; step < 40; step++) {
        const clientX = box.left + (box.width * step) / 40
        over.dispatchEvent(new MouseEvent('mousemove', { clientX, clientY: box.top + 40, bubbles: true }))
        await frame()
      }
    })
    const press = (key, shiftKey = false) =>
      chart().dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }))
    const zoomedMs = await longest(async () => {
      for (const key of ['+', '+', '-', '+', '-', '-']) {
        press(key)
        for (let frames = 0; frames < 8; frames++) await frame()
      }
      for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowRight']) {
        press(key, true)
        for (let frames = 0; frames < 8; frames++) await frame()
      }
    })
    return { drawnMs, scrubbedMs, zoomedMs, shownMs }
  })()`)
