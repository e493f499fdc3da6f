import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { drawCalmly } from '../../../../src/renderer/terminal/screen/calm-drawing'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

/** What xterm.js has behind its API, with what reaches its renderer. */
function terminal() {
  const drawn: (readonly [number, number])[] = []
  let redrawn = 0
  const selection = { hasSelection: false, refresh: (_isByMouse?: boolean) => void (redrawn += 1) }
  const core = {
    refresh: (start: number, end: number) => void drawn.push([start, end]),
    _selectionService: selection,
  }
  const count = drawCalmly({ _core: core })
  return { core, selection, drawn, count, redrawn: () => redrawn }
}

test('what is printed now and then is drawn at once', () => {
  const { core, drawn, count } = terminal()
  for (let at = 0; at < 50; at++) {
    count(1_000)
    core.refresh(at, at + 1)
    vi.advanceTimersByTime(16)
  }
  expect(drawn).toHaveLength(50)
  expect(drawn.at(-1)).toEqual([49, 50])
})

test('a flood is drawn 20 times a second, with all rows that changed, and its end 50 ms later at most', () => {
  const { core, drawn, count } = terminal()
  for (let at = 0; at < 100; at++) {
    count(32 * 1024)
    core.refresh(at % 10, 10 + (at % 7))
    vi.advanceTimersByTime(10)
  }
  expect(drawn.length).toBeGreaterThanOrEqual(18)
  expect(drawn.length).toBeLessThanOrEqual(24)
  const before = drawn.length
  core.refresh(3, 3)
  core.refresh(29, 29)
  vi.advanceTimersByTime(50)
  expect(drawn.length).toBeGreaterThan(before)
  const later = drawn.slice(before)
  expect(Math.min(...later.map(([start]) => start))).toBeLessThanOrEqual(3)
  expect(Math.max(...later.map(([, end]) => end))).toBe(29)
  vi.advanceTimersByTime(1_000)
  const atRest = drawn.length
  core.refresh(0, 0)
  expect(drawn.slice(atRest)).toEqual([[0, 0]])
})

test('a selection is drawn where it is, moves or ends, but not where there is none', () => {
  const { selection, redrawn } = terminal()
  selection.refresh()
  selection.refresh()
  expect(redrawn()).toBe(0)
  selection.hasSelection = true
  selection.refresh(true)
  selection.refresh()
  selection.hasSelection = false
  selection.refresh()
  expect(redrawn()).toBe(3)
  selection.refresh()
  expect(redrawn()).toBe(3)
})

test('another xterm.js is left as it is', () => {
  const count = drawCalmly({})
  expect(() => count(100_000)).not.toThrow()
})
