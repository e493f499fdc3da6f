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
  ['https://rest.runpod.io/v1', 'rest.runpod.io was Runpod’s REST v1, which has ended.'],
  ['https://REST.runpod.io./v2', 'rest.runpod.io was Runpod’s REST v1, which has ended.'],
  ['https://api.runpod.ai/v2', 'api.runpod.ai runs serverless jobs and has no pods.'],
  ['https://console.runpod.io/pods', 'console.runpod.io is a web page for people.'],
  ['https://api.runpod.io/graphql', 'Runpod’s API for pods isn’t at /graphql.'],
  ['https://api.runpod.io/v1', 'Runpod’s API for pods isn’t at /v1.'],
  ['https://api.runpod.io/v2/pods', 'Runpod’s API for pods isn’t at /v2/pods.'],
])('%s is not used, and the message says which address is right', (text, what) => {
  expect(chooseBaseUrl([{ source: '--base-url', text }], 'any')).toEqual({
    ok: false,
    error: `--base-url (${text}) cannot be used. ${what} Use https://api.runpod.io/v2 instead.`,
  })
})

test.each([
  'https://api.runpod.io',
  'https://api.runpod.io/',
  'https://api.runpod.io/v2/',
  'https://rest.runpod.io.example.com/v2',
  'https://proxy.example.com/rest.runpod.io/v1',
  'http://127.0.0.1:8080/v1',
])('%s is used as it is', (text) => {
  expect(chooseBaseUrl([{ source: '--base-url', text }], 'any')).toMatchObject({
    ok: true,
    value: { href: new URL(text).href },
  })
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
