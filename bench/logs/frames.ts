import type { Page } from 'playwright-core'

/**
 * The longest time between two frames of a page during `ms`, in ms. `step`: a script that runs before each frame; the
 * variable `share` says how much of the time is over, 0 to 1.
 */
export const longestFrameMs = (page: Page, ms: number, step = ''): Promise<number> =>
  page.evaluate<number>(`new Promise((done) => {
    const startMs = performance.now()
    let lastMs = startMs
    let longest = 0
    const tick = (nowMs) => {
      longest = Math.max(longest, nowMs - lastMs)
      lastMs = nowMs
      const share = Math.max(0, (nowMs - startMs) / ${ms})
      if (share >= 1) return done(longest)
      ${step}
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })`)

/** The number of lines that the page has. */
export const shownLines = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `Number((document.querySelector('.log-count')?.textContent ?? '0').replaceAll(',', '').match(/^\\d+/)?.[0] ?? 0)`,
  )
