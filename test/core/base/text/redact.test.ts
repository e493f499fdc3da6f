import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holdsSecretInClear, redact } from '../../../../src/core/base/text/redact'
import { anyCharacter } from '../../../harness/base/any-character'

const KEY = 'rpa_7QJ2MXK9ZT4WV8B1'

describe('a harmless text stays readable:', () => {
  test.each([
    ['The list failed: Runpod answered 503.'],
    ['The key ending in 4f2a was refused.'],
    ['Window 2 (window.html) is gone: crashed, code 133'],
    ['connect ECONNREFUSED 127.0.0.1:443 at https://rest.runpod.io/v2/pods?limit=100'],
    ['Settings: pollActiveS=15, idleAlertAfterMin=15'],
  ])('%s', (line) => expect(redact(line)).toBe(line))

  test('a text around a secret stays readable', () => {
    expect(redact(`GET https://rest.runpod.io/v2/pods?api_key=${KEY}&limit=5 failed`)).toBe(
      'GET https://rest.runpod.io/v2/pods?api_key=[hidden]&limit=5 failed',
    )
    expect(redact('fetch https://me:secret@proxy.example:3128/ failed')).toBe(
      'fetch https://[hidden]@proxy.example:3128/ failed',
    )
    expect(redact(`Key ${KEY} is refused`)).toBe('Key rpa_[hidden] is refused')
  })
})

test('a text stays on one line without cursor movement or bidirectional overrides', () => {
  expect(redact('a\r\nb\tc\u001b[2Jd\u202ee\u0000\u009b')).toBe('a\\r\\nb\\tc\\x1b[2Jd\\u202ee\\x00\\x9b')
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 200 }), (text) => {
      const clean = redact(text)
      expect(clean).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
      expect(redact(clean)).toBe(clean)
    }),
  )
})

const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789'.split('')
const canary = fc
  .string({ unit: fc.constantFrom(...letters), minLength: 12, maxLength: 48 })
  .map((text) => `Zq9${text}`)

/** Every form in which a secret has appeared in a log. */
const shapes: Readonly<Record<string, (secret: string) => string>> = {
  'a header': (secret) => `Authorization: Bearer ${secret}`,
  'a header without a scheme': (secret) => `authorization: ${secret}`,
  'headers as JSON': (secret) => `{"accept":"*/*","authorization":"Bearer ${secret}"}`,
  'headers as Node prints them': (secret) => `{ 'Authorization': 'Bearer ${secret}' }`,
  'pairs of a header list': (secret) => `["authorization","Bearer ${secret}"]`,
  'a proxy header': (secret) => `Proxy-Authorization: Basic ${secret}`,
  'a cookie': (secret) => `set-cookie: session=${secret}; Path=/`,
  'a bearer by itself': (secret) => `bearer  ${secret}`,
  'a key of Runpod': (secret) => `rpa_${secret}`,
  'a key of Hubify': (secret) => `hfy_key_${secret}`,
  'a key of a lab': (secret) => `hk_live_${secret}`,
  'a token of Hugging Face': (secret) => `hf_${secret}`,
  'a token of GitHub': (secret) => `ghp_${secret}`,
  'a query': (secret) => `https://api.runpod.io/graphql?api_key=${secret}`,
  'a later part of a query': (secret) => `/pods?limit=1&token=${secret}&page=2`,
  'the user of an address': (secret) => `https://${secret}@example.test/x`,
  'the password of an address': (secret) => `http://user:${secret}@127.0.0.1:8080/`,
  'a private key': (secret) =>
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n${secret}\n-----END OPENSSH PRIVATE KEY-----`,
  'a private key as JSON': (secret) =>
    `"-----BEGIN RSA PRIVATE KEY-----\\n${secret}\\n-----END RSA PRIVATE KEY-----"`,
  'a private key cut short': (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}`,
  'the environment of a pod': (secret) => `{"id":"a","env":{"FOO":"${secret}"}}`,
  'the environment as a list': (secret) => `env: [ { key: 'FOO', value: '${secret}' } ]`,
  'the environment with braces in it': (secret) => `"env":{"A":"}","B":"${secret}"}`,
  'a variable of a shell': (secret) => `RUNPOD_API_KEY=${secret} npm start`,
  'a variable in quotes': (secret) => `export HF_TOKEN="${secret} ${secret}"`,
  'a field as JSON': (secret) => `{"apiKey":"${secret}"}`,
  'a field as Node prints it': (secret) => `{ apiKey: '${secret}', passphrase: 'a \\'${secret}' }`,
}

describe('a secret is removed:', () => {
  test.each(Object.keys(shapes))('%s', (shape) => {
    const separator = fc.constantFrom(' ', '\n', '\r\n', ' | ', '\t', '; ')
    fc.assert(
      fc.property(
        canary,
        fc.string({ maxLength: 60 }),
        fc.string({ maxLength: 60 }),
        separator,
        (secret, before, after, gap) => {
          const text = [before, shapes[shape]?.(secret), after].join(gap)
          expect(redact(text)).not.toContain(secret)
        },
      ),
    )
  })

  test('a secret that the app knows is removed, whatever surrounds it', () => {
    fc.assert(
      fc.property(canary, fc.string(), fc.string(), (secret, before, after) => {
        expect(redact(`${before}${secret}${after}`, [secret])).not.toContain(secret)
      }),
    )
  })
})

test.each([
  ['env:{', 'env:[hidden]'],
  ['a://@', 'a://[hidden]@'],
  ['?key=', '?key=[hidden]'],
  ['&sig=', '&sig=[hidden]'],
  ['cookie=', 'cookie=[hidden]'],
  ['token=x', 'token=[hidden]'],
])('the shortest texts that a rule hides are hidden: %s', (text, hidden) => {
  expect(redact(text)).toBe(hidden)
})

/** Pieces that may add up to what a rule hides, or to what makes it look again and again. */
const pieces = [
  'token',
  'api_key',
  'secret',
  'passwd',
  'env',
  'environment',
  'authorization',
  'cookie',
  'bearer',
  'eyJhbGciOi',
  'eyJ',
  'rpa_7QJ2MXK9',
  'AKIA0123456789AB',
  'https://',
  '://',
  '-----BEGIN A KEY-----',
  '-----END A KEY-----',
  '[hidden]',
  '"',
  "'",
  '\\',
  '=',
  ':',
  ';',
  '&',
  '?',
  '@',
  '.',
  '-',
  '/',
  '{',
  '[',

  ' ',
  '\n',
  'a',
  'Z9',
  '_',
  ',',
  '}',
  ']',
  '+',
  'é',
]

test('exactly what a rule describes is hidden, as its plain pattern hides it', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
      const text = parts.join('')
      expect(redact(text)).toBe(plainRedact(text))
    }),
    { numRuns: 3_000 },
  )
})

/** By patterns that say what is meant, but whose time grows with the square of a hostile text's length. */
function plainRedact(text: string): string {
  const name = String.raw`((?<![\w.-])[\w.-]*(?:api[_-]?key|secret|token|passw(?:or)?d|passphrase|credential|private[_-]?key|access[_-]?key)[\w.-]*["']?\s*`
  const quoted = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`
  const rules: [RegExp, string][] = [
    [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, '[hidden]'],
    [/(["']?\benv(?:ironment)?["']?\s*[:=]\s*)(?:\{|\[)[\s\S]*$/i, '$1[hidden]'],
    [/((?:proxy-)?authorization["']?\s*[:=,]\s*)[^\r\n]*/gi, '$1[hidden]'],
    [/((?:set-)?cookie["']?\s*[:=,]\s*)[^\r\n]*/gi, '$1[hidden]'],
    [/\b(bearer|basic)(\s+)["']?[^\s"',;]{4,}/gi, '$1$2[hidden]'],
    [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi, '$1[hidden]@'],
    [
      /([?&;](?:api[_-]?key|key|token|access[_-]token|secret|password|signature|sig)=)[^&#\s"'<>]*/gi,
      '$1[hidden]',
    ],
    [new RegExp(String.raw`${name}=\s*)(?:${quoted}|\[hidden\]|[^\s,;&}\]]+)`, 'gi'), '$1[hidden]'],
    [new RegExp(String.raw`${name}:\s*)(?:${quoted})`, 'gi'), '$1[hidden]'],
    [/\brpa([_-])[\w-]{6,}/g, 'rpa$1[hidden]'],
    [/\bAKIA[A-Z0-9]{12,}/g, '[hidden]'],
    [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '[hidden]'],
  ]
  let clean = text
  for (const [pattern, replacement] of rules) clean = clean.replace(pattern, replacement)
  return clean.replaceAll('\n', '\\n')
}

// Times are compared with each other, because the machine may be busy: 16 times the text takes about 16 times as long,
// and 256 times where something is looked at again and again.
test('the time that a malicious line takes grows with its length only', () => {
  const userMs = (text: string): number => {
    const before = process.cpuUsage()
    redact(text)
    return process.cpuUsage(before).user / 1_000
  }
  const least = (text: string, runs: number): number =>
    Math.min(...Array.from({ length: runs }, () => userMs(text)))
  const units = [
    'a-',
    'a.',
    'token',
    'token-',
    'token ',
    'eyJ',
    '-eyJ',
    'eyJ.',
    'eyJaaaaaaaa.',
    '"',
    'env:',
    '=',
  ]
  for (const unit of [
    ...units,
    ' ',
    'https://',
    'token="',
    "token='\\",
    '-----BEGIN A',
    '&key',
    'sk-',
    '://a',
  ])
    for (const end of ['', ' =x']) {
      const text = (length: number): string => unit.repeat(length / unit.length) + end
      const limitMs = 64 * Math.max(least(text(4_000), 3), 0.2)
      const many = text(64_000)
      expect(userMs(many) < limitMs || least(many, 3) < limitMs, `${unit} ${end}`).toBe(true)
    }
})

test.each([
  ['HF_TOKEN', 'hf_abcdefghijk', true],
  ['HF_TOKEN', 'anything', true],
  ['DB_PASSWORD', '1234', true],
  ['SOMETHING', 'sk-abcdefghijk', true],
  ['DATABASE_URL', 'postgres://me:pw@db.example.org/x', true],
  ['HF_TOKEN', '{{ RUNPOD_SECRET_hf }}', false],
  ['HF_TOKEN', '{{RUNPOD_SECRET_team/hf}}', false],
  ['AUTHORIZATION', 'Bearer {{ RUNPOD_SECRET_x }}', false],
  ['HF_TOKEN', '', false],
  ['TOKENIZERS_PARALLELISM', 'false', false],
  ['MAX_TOKENS', '4096', false],
  ['HF_TOKEN_PATH', '/workspace/token', false],
  ['GOOGLE_APPLICATION_CREDENTIALS', '~/key.json', false],
  ['HF_HOME', '/workspace/hf', false],
  ['SEED', '1', false],
])('%s=%s holds a secret in clear: %s', (name, value, isSecret) => {
  expect(holdsSecretInClear(name, value)).toBe(isSecret)
})
