import type { Page } from 'playwright-core'

/** Watches the frames of a page from now on; the returned function says the longest time without one so far, ms. */
export async function watchFrames(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(`(() => {
    const watch = { longestMs: 0 }
    globalThis.drawnFrames = watch
    let lastMs = performance.now()
    const look = (nowMs) => {
      watch.longestMs = Math.max(watch.longestMs, nowMs - lastMs)
      lastMs = nowMs
      if (globalThis.drawnFrames === watch) requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })()`)
  return () => page.evaluate<number>('drawnFrames.longestMs')
}
