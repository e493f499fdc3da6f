import type { Page } from 'playwright-core'
import { openScene, podKeyIn } from '../../test/harness/app/start/scene'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import type { Measurement } from '../measurement'
import { longestFrameMs, shownLines } from './frames'

const LINES = 1_000_000
const BATCH = 2_000
const SCROLL_MS = 4_000

const scroll = `{
  const log = document.querySelector('.log-lines')
  log.scrollTop = share * (log.scrollHeight - log.clientHeight)
}`

/**
 * A million lines in the window: scrolled from end to end, searched and wrapped, beside the same page with few lines.
 */
export async function measureMillionLines(): Promise<readonly Measurement[]> {
  const scene = await openScene({ pods: [{ id: 'p', name: 'p', mode: 'idle' }] })
  try {
    await scene.pasteKey()
    const podKey = await podKeyIn(scene.page, 'p')
    await scene.page.evaluate(`window.app.openWindowAt('logs', ${JSON.stringify(podKey)})`)
    const page = await scene.running.mainWindow()
    await waitUntil('the first lines', async () => (await shownLines(page)) > 0)
    const before = await shownLines(page)
    const idleMs = await longestFrameMs(page, SCROLL_MS, scroll)
    const takenMs = await takeLines(scene.running.app, page, before)
    const heapMb = (await page.evaluate<number>('performance.memory.usedJSHeapSize')) / 1e6
    const follow = page.getByRole('switch', { name: 'Follow' })
    if (await follow.isChecked()) await page.evaluate(`document.querySelector('.log-lines').scrollTop = 0`)
    const scrolledMs = await longestFrameMs(page, SCROLL_MS, scroll)
    const searched = await during(
      page,
      () => page.getByRole('searchbox').fill('no line has this'),
      'No matches',
    )
    await page.getByRole('searchbox').fill('')
    const found = await during(page, () => page.getByRole('searchbox').fill('line 77'), 'matches')
    await page.getByRole('searchbox').fill('')
    const wrapping = longestFrameMs(page, 1_500)
    await page.getByRole('switch', { name: 'Wrap' }).click({ force: true })
    const wrappedMs = await wrapping
    const figure = (
      name: string,
      value: number,
      atMost: number | null,
      baseline: number | null = idleMs,
    ): Measurement => ({
      group: 'logs',
      name,
      unit: 'ms',
      value,
      spread: null,
      baseline,
      beside: baseline === null ? null : 'the same page with few lines, scrolled',
      goal: atMost === null ? null : { kind: 'value', atMost },
    })
    return [
      { ...figure('a million lines taken by the window', takenMs / 1_000, null, null), unit: 's' },
      { ...figure('memory of its page with a million lines', heapMb, null, null), unit: 'MB' },
      figure('longest frame while a million lines are scrolled', scrolledMs, 50),
      figure('longest frame while they are searched without a match', searched, 50),
      figure('longest frame while they are searched with many', found, 50),
      figure('longest frame while they are wrapped', wrappedMs, 250),
    ]
  } finally {
    await scene.close()
  }
}

/** Sends lines as main does, no faster than the page takes them; returns how long that took. */
async function takeLines(
  app: Awaited<ReturnType<typeof openScene>>['running']['app'],
  page: Page,
  before: number,
): Promise<number> {
  const startMs = performance.now()
  for (let sent = 0; sent < LINES; sent += BATCH * 10) {
    const window = await app.browserWindow(page)
    await window.evaluate(
      (one, { from, batch }) => {
        for (let part = 0; part < 10; part += 1) {
          const first = from + part * batch
          const lines = Array.from({ length: batch }, (_, i) => ({
            id: String(first + i),
            source: 'container',
            atMs: 1_800_000_000_000 + first + i,
            text: `line ${first + i} ${'x'.repeat((first + i) % 90)}`,
          }))
          ;(one as Electron.BrowserWindow).webContents.send('podkeeper:event:log', {
            viewId: 1,
            lines,
            leftOutCount: 0,
          })
        }
      },
      { from: sent, batch: BATCH },
    )
    const wanted = Math.min(LINES, before + sent + BATCH * 10)
    await waitUntil('the lines', async () => (await shownLines(page)) >= wanted)
  }
  return performance.now() - startMs
}

/** The longest frame while `act` is carried out, until the search says `words`. */
async function during(page: Page, act: () => Promise<void>, words: string): Promise<number> {
  const frames = longestFrameMs(page, 3_000)
  await act()
  const status = page.getByRole('search').getByRole('status')
  await waitUntil(words, async () => ((await status.textContent()) ?? '').includes(words))
  return frames
}
