import { describe, expect, test } from 'vitest'
import { shortcutOf } from '../../../src/renderer/state/shortcuts'

describe('keyboard shortcuts', () => {
  const keys = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  const shortcutFor = (overrides: object, isTyping = false) =>
    shortcutOf({ ...keys, ...overrides } as KeyboardEvent, isTyping)

  test('include a slash for search, except in text fields', () => {
    expect(shortcutFor({ key: '/' })).toBe('search')
    expect(shortcutFor({ key: '/' }, true)).toBeNull()
    expect(shortcutFor({ key: '/', shiftKey: true })).toBe('search')
  })

  test('accept Ctrl and the command key, also in text fields', () => {
    expect(shortcutFor({ key: 'f', ctrlKey: true }, true)).toBe('search')
    expect(shortcutFor({ key: 'F', metaKey: true })).toBe('search')
    expect(shortcutFor({ key: ',', metaKey: true }, true)).toBe('settings')
    expect(shortcutFor({ key: 'Escape' }, true)).toBe('close')
  })

  test('ignore all other keystrokes', () => {
    expect(shortcutFor({ key: 'f' })).toBeNull()
    expect(shortcutFor({ key: 'f', ctrlKey: true, altKey: true })).toBeNull()
    expect(shortcutFor({ key: 'f', ctrlKey: true, shiftKey: true })).toBeNull()
    expect(shortcutFor({ key: '/', ctrlKey: true })).toBeNull()
  })
})
