import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCopyRequest } from '../../../../src/renderer/terminal/screen/copy-request'
import { isHardwareRenderer } from '../../../../src/renderer/terminal/screen/hardware-gl'
import { isLinkClick, linkTooltip, openableUrl } from '../../../../src/renderer/terminal/screen/link-rules'
import { screenThemes } from '../../../../src/renderer/terminal/screen/screen-themes'
import { matchCountText } from '../../../../src/renderer/terminal/screen/screen-search'
import { MAX_COPIED_CHARS } from '../../../../src/shared/terminal-requests'

describe('links', () => {
  test.each([
    ['https://docs.runpod.io/a?b=c#d', 'https://docs.runpod.io/a?b=c#d'],
    ['HTTPS://EXAMPLE.COM', 'https://example.com/'],
    // As a browser writes it, so that the other alphabet shows.
    ['https://еxample.com/', 'https://xn--xample-2of.com/'],
  ])('%s opens %s', (text, url) => expect(openableUrl(text)).toBe(url))

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
  ])('%s opens nothing', (text) => {
    expect(openableUrl(text)).toBeNull()
    expect(linkTooltip(text, false)).toMatch(/^Not opened/)
  })

  test('nothing but https is ever opened', () => {
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

  test('a click opens with the command key of the system only', () => {
    const click = { button: 0, ctrlKey: false, metaKey: false }
    expect(isLinkClick(click, false)).toBe(false)
    expect(isLinkClick({ ...click, ctrlKey: true }, false)).toBe(true)
    expect(isLinkClick({ ...click, ctrlKey: true }, true)).toBe(false)
    expect(isLinkClick({ ...click, metaKey: true }, true)).toBe(true)
    expect(isLinkClick({ ...click, ctrlKey: true, button: 1 }, false)).toBe(false)
  })
})

describe('what a program asks of the clipboard', () => {
  const base64 = (text: string): string =>
    btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))

  test('to write is understood, in any language', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        expect(readCopyRequest(`c;${base64(text)}`)).toEqual({ kind: 'write', text })
      }),
    )
    expect(readCopyRequest(`;${base64('a')}`)).toEqual({ kind: 'write', text: 'a' })
  })

  test('a request to read is recognized, and everything malformed is invalid', () => {
    expect(readCopyRequest('c;?')).toEqual({ kind: 'read' })
    for (const data of ['', 'c', 'c;', 'c;***', 'x;YQ==', 'c;/w==', '?'])
      expect(readCopyRequest(data)).toEqual({ kind: 'invalid' })
  })

  test('too much is too much, however it is written', () => {
    expect(readCopyRequest(`c;${base64('x'.repeat(MAX_COPIED_CHARS))}`).kind).toBe('write')
    expect(readCopyRequest(`c;${base64('x'.repeat(MAX_COPIED_CHARS + 1))}`)).toEqual({ kind: 'too-long' })
    expect(readCopyRequest(`c;${'A'.repeat(10_000_000)}`)).toEqual({ kind: 'too-long' })
  })
})

test.each([
  ['ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)', true],
  ['ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)', true],
  ['ANGLE (Apple, ANGLE Metal Renderer: Apple M2, Unspecified Version)', true],
  ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)', false],
  ['ANGLE (Mesa, llvmpipe (LLVM 15.0.6, 256 bits), OpenGL 4.5)', false],
  ['Google SwiftShader', false],
  ['ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11, D3D11)', false],
  ['', false],
  [null, false],
])('%s is hardware: %s', (renderer, isHardware) => expect(isHardwareRenderer(renderer)).toBe(isHardware))

describe('colours', () => {
  const channel = (value: number): number => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
      channel(Number.parseInt(colour.slice(at, at + 2), 16)),
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const contrast = (a: string, b: string): number => {
    const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other)
    return (light + 0.05) / (dark + 0.05)
  }
  const names = ['foreground', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const
  const bright = [
    'brightBlack',
    'brightRed',
    'brightGreen',
    'brightYellow',
    'brightBlue',
    'brightMagenta',
    'brightCyan',
  ] as const
  const themeSpecific = { dark: ['white', 'brightWhite'], light: ['black'] } as const

  test.each(['dark', 'light'] as const)('of the %s theme can be read on its background', (name) => {
    const theme = screenThemes[name]
    const lowContrast = [...names, ...bright, ...themeSpecific[name]].filter(
      (colour) => contrast(theme[colour] ?? '#000000', theme.background) < 4.5,
    )
    expect(lowContrast).toEqual([])
  })
})

test('what a search found, in words', () => {
  expect(matchCountText('', 'none', { count: 0, index: -1 })).toBe('')
  expect(matchCountText('x', 'none', { count: 0, index: -1 })).toBe('none')
  expect(matchCountText('x[', 'problem', { count: 3, index: 0 })).toBe('not a pattern')
  expect(matchCountText('x', 'found', { count: 14, index: 1 })).toBe('2 of 14')
  expect(matchCountText('x', 'found', { count: 1_000, index: -1 })).toBe('1,000 or more')
})
