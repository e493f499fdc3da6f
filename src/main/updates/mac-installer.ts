import { fail, ok, type Result } from '../../core/base/result'
import { errorText } from '../../core/base/text/error-text'
import type { Clock } from '../../core/base/time/clock'
import { MINUTE_MS } from '../../core/base/time/time'
import { updatesText } from '../../core/updates/updates-text'
import { serveFileOnce } from './serve-file-once'
import type { UpdateInstaller } from './update-installer'

/** The part of Electron's autoUpdater that is used. */
export interface MacUpdater {
  setFeedURL(options: { readonly url: string }): void
  checkForUpdates(): void
  quitAndInstall(): void
  on(event: 'update-downloaded' | 'update-not-available', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}

const STAGE_TIMEOUT_MS = 10 * MINUTE_MS

/**
 * macOS's updater, which takes only what is signed as the app is. It gets the file from a loopback address, and installs
 * it when the app has ended.
 */
export function createMacInstaller(updater: MacUpdater, clock: Clock): UpdateInstaller {
  let settle = (_result: Result<void, string>): void => {}
  updater.on('update-downloaded', () => settle(ok(undefined)))
  updater.on('update-not-available', () => settle(fail(updatesText.notTaken)))
  updater.on('error', (error) => settle(fail(updatesText.notInstallable(error.message))))

  return {
    async stage(path) {
      let served
      try {
        served = await serveFileOnce(path)
      } catch (cause) {
        return fail(updatesText.notInstallable(errorText(cause)))
      }
      const { feedUrl, close } = served
      const result = new Promise<Result<void, string>>((resolve) => (settle = resolve))
      const cancel = clock.schedule(STAGE_TIMEOUT_MS, () => settle(fail(updatesText.notTaken)))
      try {
        updater.setFeedURL({ url: feedUrl })
        updater.checkForUpdates()
        return await result
      } catch (cause) {
        return fail(updatesText.notInstallable(errorText(cause)))
      } finally {
        cancel()
        close()
      }
    },
    isCalledAtQuit: false,
    install(_path, restarts) {
      if (restarts) updater.quitAndInstall()
      return restarts
    },
  }
}
