import { expect, test } from 'vitest'
import { chooseBaseUrl, isOwnOrLocal } from '../../src/providers/choose-base-url'

test('each provider has an address of its own, and what is set goes before it', () => {
  expect(chooseBaseUrl([], 'any')).toMatchObject({ value: { href: 'https://api.runpod.io/v2' } })
  expect(chooseBaseUrl([], 'any', 'hubify')).toMatchObject({
    value: { href: 'https://www.hubify.com/api/v1' },
  })
  const set = [{ source: 'HUBIFY_API_BASE_URL', text: 'https://labs.example.com/v1' }]
  expect(chooseBaseUrl(set, 'any', 'hubify')).toMatchObject({
    value: { href: 'https://labs.example.com/v1' },
  })
  expect(chooseBaseUrl([{ source: 'X', text: 'http://labs.example.com' }], 'any', 'hubify').ok).toBe(false)
})

test.each([
  ['https://www.hubify.com/api/v1', 'hubify', true],
  ['https://www.hubify.com/api/v1', 'runpod', false],
  ['https://api.runpod.io/v2', 'runpod', true],
  ['https://api.runpod.io/v2', 'hubify', false],
  ['https://www.hubify.com.example.com/api/v1', 'hubify', false],
  ['http://www.hubify.com/api/v1', 'hubify', false],
  ['https://www.hubify.com:8443/api/v1', 'hubify', false],
  ['http://127.0.0.1:8080/api/v1', 'hubify', true],
] as const)('a key may go to %s of %s without asking: %s', (url, provider, isAllowed) => {
  expect(isOwnOrLocal(new URL(url), provider)).toBe(isAllowed)
})
