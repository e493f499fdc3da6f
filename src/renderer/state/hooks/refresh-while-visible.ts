/**
 * Calls `refresh` every `everyMs` while the page is visible, and at once when it is shown again later than that. No
 * timer runs while it is hidden. Returns the function that ends it.
 */
export function refreshWhileVisible(
  everyMs: number,
  refresh: () => void,
  page: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'> = document,
): () => void {
  let timer: ReturnType<typeof setInterval> | undefined
  let refreshedAtMs = Date.now()
  const run = (): void => {
    refreshedAtMs = Date.now()
    refresh()
  }
  const follow = (): void => {
    clearInterval(timer)
    if (page.visibilityState !== 'visible') return
    if (Math.abs(Date.now() - refreshedAtMs) >= everyMs) run()
    timer = setInterval(run, everyMs)
  }
  page.addEventListener('visibilitychange', follow)
  follow()
  return () => {
    clearInterval(timer)
    page.removeEventListener('visibilitychange', follow)
  }
}
