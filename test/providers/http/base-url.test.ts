import { describe, expect, it } from 'vitest'
import { parseBaseUrl } from '../../../src/providers/http/base-url'

describe('the address of an API', () => {
  it.each(['https://api.runpod.io/v2', '  https://api.runpod.io/v2/ ', 'HTTPS://Example.com:8443'])(
    'can be any host over https: %s',
    (text) => expect(parseBaseUrl(text, 'any').ok).toBe(true),
  )

  it.each([
    'http://127.0.0.1:8080',
    'http://127.9.9.9/v2',
    'http://localhost:1/v2',
    'http://[::1]:80/v2',
    'https://localhost',
  ])('can be on this computer, even without https: %s', (text) => {
    expect(parseBaseUrl(text, 'any').ok).toBe(true)
    expect(parseBaseUrl(text, 'loopback-only').ok).toBe(true)
  })

  it.each([
    'https://api.runpod.io/v2',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://[::ffff:10.0.0.1]',
    'http://128.0.0.1',
  ])('is rejected beyond this computer if only loopback is allowed: %s', (text) => {
    expect(parseBaseUrl(text, 'loopback-only').ok).toBe(false)
  })

  it.each([
    'http://api.runpod.io/v2',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1',
    'http://[fe80::1]',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'api.runpod.io/v2',
    'https://',
    'https://exa mple.com',
    '',
    'https://user@api.runpod.io',
    'https://user:word@api.runpod.io',
    'https://api.runpod.io@evil.example',
    'https://api.runpod.io/v2#part',
    'https://api.runpod.io/v2#',
    'https://api.runpod.io/v2?key=1',
  ])('is rejected with a message: %s', (text) => {
    const parsed = parseBaseUrl(text, 'any')
    expect(parsed.ok).toBe(false)
    if (!parsed.ok) expect(parsed.error).toMatch(/^[A-Z].*\.$/)
  })

  it('is recognized in alternative notations', () => {
    expect(parseBaseUrl('http://0x7f.1', 'loopback-only').ok).toBe(true)
    expect(parseBaseUrl('http://2130706433', 'loopback-only').ok).toBe(true)
    expect(parseBaseUrl('http://0xa.0.0.1', 'any').ok).toBe(false)
  })
})
