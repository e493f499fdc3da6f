import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { refreshWhileVisible } from '../../../../src/renderer/state/hooks/refresh-while-visible'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function openPage() {
  let onChange = (): void => {}
  let refreshes = 0
  const page = {
    visibilityState: 'visible' as DocumentVisibilityState,
    addEventListener: (_: string, listener: () => void) => void (onChange = listener),
    removeEventListener: () => void (onChange = () => {}),
  }
  const end = refreshWhileVisible(1_000, () => (refreshes += 1), page as unknown as Document)
  return {
    end,
    refreshes: () => refreshes,
    show(visibilityState: DocumentVisibilityState) {
      page.visibilityState = visibilityState
      onChange()
    },
  }
}

it('a visible page refreshes at its interval', () => {
  const page = openPage()
  vi.advanceTimersByTime(2_500)
  expect(page.refreshes()).toBe(2)
  page.end()
  vi.advanceTimersByTime(5_000)
  expect(page.refreshes()).toBe(2)
  expect(vi.getTimerCount()).toBe(0)
})

it('a hidden page has no timer, and refreshes when it is shown again', () => {
  const page = openPage()
  page.show('hidden')
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(10_000)
  expect(page.refreshes()).toBe(0)
  page.show('visible')
  expect(page.refreshes()).toBe(1)
  vi.advanceTimersByTime(1_000)
  expect(page.refreshes()).toBe(2)
})

it('a page that was hidden for a moment does not refresh at once', () => {
  const page = openPage()
  vi.advanceTimersByTime(300)
  page.show('hidden')
  vi.advanceTimersByTime(300)
  page.show('visible')
  expect(page.refreshes()).toBe(0)
  vi.advanceTimersByTime(1_000)
  expect(page.refreshes()).toBe(1)
})
