import { performance } from 'node:perf_hooks'
import type { BrowserWindow } from 'electron'
import { newPageRecovery, withPageLoaded, withPageLost } from '../../core/view/window/page-recovery'
import { pageUrl, RECOVERY_PAGE } from '../hardening/app-pages'

export interface WindowRecoveryOptions {
  /** The window's page, for the log and the recovery page. */
  readonly page: string
  /** Whether the window is visible or requested; a hidden one is destroyed instead. */
  readonly isWanted: () => boolean
  readonly isQuitting: () => boolean
  /** Whether a page that is lost repeatedly closes its window, which has no recovery page. */
  readonly closesAtLast: boolean
  /** The page is gone and cannot receive events. */
  readonly onLost: () => void
  /** Writes to the log. */
  readonly report: (what: string) => void
}

/** How long an unresponsive window may take to recover. It was already unresponsive for 15 s by then. */
const HANG_GRACE_MS = 5_000

/**
 * Reloads a window's page when its process is gone or hangs, in the same window. Its state is in the main
 * process. A page that is lost repeatedly is replaced by the recovery page, or its window is closed.
 */
export function recoverWindow(window: BrowserWindow, options: WindowRecoveryOptions): void {
  const { page, isWanted, isQuitting, closesAtLast, onLost, report } = options
  const { webContents } = window
  let recovery = newPageRecovery
  let isShowingRecoveryPage = false
  let reloadTimer: NodeJS.Timeout | undefined
  let hangTimer: NodeJS.Timeout | undefined

  webContents.on('did-finish-load', () => {
    isShowingRecoveryPage = webContents.getURL().startsWith(pageUrl(RECOVERY_PAGE))
    if (!isShowingRecoveryPage) recovery = withPageLoaded(recovery, performance.now())
  })

  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    clearTimeout(hangTimer)
    if (reason === 'clean-exit' || isQuitting()) return
    onLost()
    if (!isWanted() || isShowingRecoveryPage) {
      report(`The page of ${page} is gone (${reason}, code ${exitCode}); the window is closed`)
      window.destroy()
      return
    }
    const lost = withPageLost(recovery, performance.now())
    recovery = lost.recovery
    if (lost.step.kind === 'give-up' && closesAtLast) {
      report(`The page of ${page} is gone (${reason}, code ${exitCode}) too often; its window is closed`)
      window.destroy()
      return
    }
    if (lost.step.kind === 'give-up') {
      report(
        `The page of ${page} is gone (${reason}, code ${exitCode}) too often; the recovery page takes its place`,
      )
      load(`${pageUrl(RECOVERY_PAGE)}#${page.replace('.html', '')}`)
      return
    }
    const { afterMs } = lost.step
    report(
      `The page of ${page} is gone (${reason}, code ${exitCode}); it is loaded again in ${afterMs / 1_000} s`,
    )
    clearTimeout(reloadTimer)
    reloadTimer = setTimeout(() => {
      if (!window.isDestroyed()) webContents.reload()
    }, afterMs)
  })

  window.on('unresponsive', () => {
    report(`The page of ${page} does not answer`)
    clearTimeout(hangTimer)
    hangTimer = setTimeout(() => {
      if (window.isDestroyed()) return
      report(`The page of ${page} hangs and is closed`)
      webContents.forcefullyCrashRenderer()
    }, HANG_GRACE_MS)
  })
  window.on('responsive', () => {
    clearTimeout(hangTimer)
    report(`The page of ${page} answers again`)
  })
  window.on('closed', () => {
    clearTimeout(hangTimer)
    clearTimeout(reloadTimer)
  })

  function load(address: string): void {
    window
      .loadURL(address)
      .catch((cause: unknown) => report(`${address} could not be loaded: ${String(cause)}`))
  }
}
