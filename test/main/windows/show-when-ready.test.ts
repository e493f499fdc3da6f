import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { showWhenReady } from '../../../src/main/windows/show-when-ready'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function loading() {
  const page = new EventEmitter()
  const window = Object.assign(new EventEmitter(), { webContents: page, isDestroyed: () => isDestroyed })
  let isDestroyed = false
  const show = vi.fn<() => void>()
  showWhenReady(window, show)
  return { window, page, show, destroy: () => (isDestroyed = true) }
}

test('a window is shown once, as soon as it is ready', () => {
  const { window, page, show } = loading()
  expect(show).not.toHaveBeenCalled()
  page.emit('did-finish-load')
  window.emit('ready-to-show')
  expect(vi.getTimerCount()).toBe(0)
  page.emit('did-finish-load')
  vi.advanceTimersByTime(60_000)
  expect(show).toHaveBeenCalledTimes(1)
})

test('a window that is never said to be ready is shown once its page was loaded for a while', () => {
  const { window, page, show } = loading()
  vi.advanceTimersByTime(60_000)
  expect(show).not.toHaveBeenCalled()
  page.emit('did-finish-load')
  vi.advanceTimersByTime(1_999)
  expect(show).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  window.emit('ready-to-show')
  expect(show).toHaveBeenCalledTimes(1)
})

test('a window that is gone is not shown, and leaves no timer behind', () => {
  const { window, page, show, destroy } = loading()
  page.emit('did-finish-load')
  destroy()
  window.emit('closed')
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(60_000)
  expect(show).not.toHaveBeenCalled()
})
