import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLinkClick, linkTooltip, openableUrl } from '../../../../src/renderer/terminal/screen/link-rules'

describe('a link', () => {
  test.each([
    ['https://docs.runpod.io/a?b=c#d', 'https://docs.runpod.io/a?b=c#d'],
    ['HTTPS://EXAMPLE.COM', 'https://example.com/'],
    // Punycode, as browsers show it, reveals the Cyrillic letter.
    ['https://еxample.com/', 'https://xn--xample-2of.com/'],
  ])('with the text %s opens %s', (text, url) => expect(openableUrl(text)).toBe(url))

  test.each([
    'http://example.com/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ssh://pod',
    'https://runpod.io@evil.example/',
    'https://:word@evil.example/',
    'example.com',
    '',
    `https://example.com/${'x'.repeat(2_000)}`,
  ])('with the text %s opens nothing', (text) => {
    expect(openableUrl(text)).toBeNull()
    expect(linkTooltip(text, false)).toMatch(/^Not opened/)
  })

  test('opens https addresses only', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webUrl({ validSchemes: ['http', 'https', 'ftp', 'file'] })),
        (text) => {
          expect(openableUrl(text) ?? 'https://').toMatch(/^https:\/\//)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('is opened only by a click with the modifier key of the platform', () => {
    const click = { button: 0, ctrlKey: false, metaKey: false }
    expect(isLinkClick(click, false)).toBe(false)
    expect(isLinkClick({ ...click, ctrlKey: true }, false)).toBe(true)
    expect(isLinkClick({ ...click, ctrlKey: true }, true)).toBe(false)
    expect(isLinkClick({ ...click, metaKey: true }, true)).toBe(true)
    expect(isLinkClick({ ...click, ctrlKey: true, button: 1 }, false)).toBe(false)
  })
})
