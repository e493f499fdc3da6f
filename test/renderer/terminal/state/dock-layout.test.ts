import { describe, expect, test } from 'vitest'
import {
  clampHeight,
  defaultDock,
  loadDock,
  saveDock,
} from '../../../../src/renderer/terminal/state/dock-layout'

describe('the dock layout', () => {
  test('keeps its stored layout, and a valid height when the stored one is invalid', () => {
    const stored = new Map<string, string>()
    const storage = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    }
    expect(loadDock(storage)).toEqual(defaultDock)
    saveDock(storage, { isOpen: false, height: 400 })
    expect(loadDock(storage)).toEqual({ isOpen: false, height: 400 })
    for (const invalidText of ['null', '{', '{"height":1e9,"isOpen":1}', '[]', '{"height":"x"}']) {
      const { height } = loadDock({ getItem: () => invalidText })
      expect(height).toBe(clampHeight(height))
    }
    expect(clampHeight(Number.NaN)).toBe(defaultDock.height)
    expect(clampHeight(1)).toBeGreaterThan(100)
  })
})
