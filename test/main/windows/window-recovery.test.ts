import { EventEmitter } from 'node:events'
import type { BrowserWindow } from 'electron'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { recoverWindow } from '../../../src/main/windows/window-recovery'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function recovering(closesAtLast: boolean) {
  const reload = vi.fn<() => void>()
  const page = Object.assign(new EventEmitter(), { reload, getURL: () => 'podkeeper://app/window.html#w' })
  const [destroy, loadURL] = [vi.fn<() => void>(), vi.fn<(url: string) => Promise<void>>(async () => {})]
  const window = { webContents: page, on: () => {}, isDestroyed: () => false, destroy, loadURL }
  recoverWindow(window as unknown as BrowserWindow, {
    page: 'window.html#w',
    isWanted: () => true,
    isQuitting: () => false,
    closesAtLast,
    onLost: () => {},
    report: () => {},
  })
  /** Until it isn't loaded again. */
  const crash = (): void => {
    for (let count = 0; count < 10 && destroy.mock.calls.length + loadURL.mock.calls.length === 0; count++) {
      page.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 })
      vi.advanceTimersByTime(20_000)
    }
  }
  return { reload, destroy, loadURL, crash }
}

test('a page that is lost again and again is replaced by the recovery page', () => {
  const { reload, destroy, loadURL, crash } = recovering(false)
  crash()
  expect(reload).toHaveBeenCalled()
  expect(loadURL).toHaveBeenCalledOnce()
  expect(destroy).not.toHaveBeenCalled()
})

test('where what it shows continues elsewhere, its window is closed instead', () => {
  const { reload, destroy, loadURL, crash } = recovering(true)
  crash()
  expect(reload).toHaveBeenCalled()
  expect(destroy).toHaveBeenCalledOnce()
  expect(loadURL).not.toHaveBeenCalled()
})
