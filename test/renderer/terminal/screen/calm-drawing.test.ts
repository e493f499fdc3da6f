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
  const meter = drawCalmly({ _core: core })
  /** Output that changes these rows, parsed at once. */
  function print(bytes: number, start: number, end: number): void {
    meter.onGiven(bytes)
    core.refresh(start, end)
    meter.onParsed(bytes)
  }
  return { core, selection, drawn, meter, print, redrawn: () => redrawn }
}

test('what is printed now and then is drawn at once', () => {
  const { drawn, print } = terminal()
  for (let at = 0; at < 50; at++) {
    print(1_000, at, at + 1)
    vi.advanceTimersByTime(16)
  }
  expect(drawn).toHaveLength(50)
  expect(drawn.at(-1)).toEqual([49, 50])
})

test('a flood is drawn 20 times a second, with all rows that changed', () => {
  const { core, drawn, print } = terminal()
  for (let at = 0; at < 100; at++) {
    print(32 * 1024, at % 10, 10 + (at % 7))
    // More comes before a pause would be one.
    vi.advanceTimersByTime(9)
  }
  expect(drawn.length).toBeGreaterThanOrEqual(16)
  expect(drawn.length).toBeLessThanOrEqual(22)
  const before = drawn.length
  core.refresh(3, 3)
  core.refresh(29, 29)
  vi.advanceTimersByTime(50)
  const later = drawn.slice(before)
  expect(later.length).toBeGreaterThan(0)
  expect(Math.min(...later.map(([start]) => start))).toBeLessThanOrEqual(3)
  expect(Math.max(...later.map(([, end]) => end))).toBe(29)
  vi.advanceTimersByTime(1_000)
  const atRest = drawn.length
  core.refresh(0, 0)
  expect(drawn.slice(atRest)).toEqual([[0, 0]])
})

test('the end of a flood is drawn 10 ms after it, once all of it is parsed', () => {
  const { core, drawn, meter, print } = terminal()
  for (let at = 0; at < 20; at++) {
    print(32 * 1024, 0, 10)
    vi.advanceTimersByTime(3)
  }
  const before = drawn.length
  meter.onGiven(32 * 1024)
  meter.onGiven(1_000)
  core.refresh(12, 20)
  meter.onParsed(32 * 1024)
  // The rest isn't parsed yet.
  vi.advanceTimersByTime(20)
  expect(drawn).toHaveLength(before)
  core.refresh(20, 24)
  meter.onParsed(1_000)
  vi.advanceTimersByTime(10)
  expect(drawn).toHaveLength(before + 1)
  expect(drawn.at(-1)?.[1]).toBe(24)
  vi.advanceTimersByTime(1_000)
  expect(drawn).toHaveLength(before + 1)
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
  const { onGiven, onParsed } = drawCalmly({})
  expect(() => [onGiven(100_000), onParsed(100_000)]).not.toThrow()
})

test('one color is shown at once, and of thousands the last, 20 times a second', () => {
  const shown: number[] = []
  const changes = { fire: (color: number) => void shown.push(color) }
  drawCalmly({ _core: { _themeService: { _onChangeColors: changes } } })
  changes.fire(1)
  expect(shown).toEqual([1])
  for (let color = 2; color < 1_000; color++) changes.fire(color)
  expect(shown).toEqual([1])
  vi.advanceTimersByTime(50)
  expect(shown).toEqual([1, 999])
  vi.advanceTimersByTime(1_000)
  changes.fire(1_000)
  expect(shown).toEqual([1, 999, 1_000])
})
