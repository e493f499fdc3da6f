import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capText, redactServerText, visibleText } from '../../../src/providers/http/text'

describe('external text', () => {
  it('loses invisible characters', () => {
    expect(visibleText('a\u0000b\u200Bc\u202Ed\u2066e\uFEFFf\uD800g')).toBe('abcdefg')
  })

  it('becomes one line', () => {
    expect(visibleText(' one\r\n\ttwo\u2028three ')).toBe('one two three')
  })

  it('keeps letters of every script and emoji', () => {
    expect(visibleText('tréning 训练 🚀')).toBe('tréning 训练 🚀')
  })

  it('is truncated between characters', () => {
    expect(capText('🚀🚀🚀', 2)).toBe('🚀🚀')
    expect(capText('abc', 3)).toBe('abc')
  })

  it('never exposes the key, however it is split or truncated', () => {
    const key = 'rpa_ABCDEFGHIJ'
    fc.assert(
      fc.property(
        fc.string(),
        fc.nat(key.length),
        fc.constantFrom('', '\u200B', '\u0000', '\u202E'),
        fc.string(),
        (before, at, gap, after) => {
          const words = redactServerText(before + key.slice(0, at) + gap + key.slice(at) + after, key, 300)
          expect(words).not.toContain(key)
          expect(words.length).toBeLessThanOrEqual(300)
        },
      ),
    )
    expect(redactServerText('x'.repeat(295) + key, key, 300)).not.toContain('rpa_')
  })

  it('is not changed by an empty key', () => {
    expect(redactServerText('nothing to hide', '', 300)).toBe('nothing to hide')
  })
})
