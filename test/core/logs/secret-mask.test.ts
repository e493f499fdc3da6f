import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSecretMask, HIDDEN } from '../../../src/core/logs/secret-mask'
import { secretsOf } from '../../../src/core/logs/secrets'

const maskAll = (secrets: readonly string[], lines: readonly string[]): readonly string[] => {
  const hide = createSecretMask(secrets)
  return lines.map((text) => hide.mask('container', { text, styles: [] }).text)
}
const mask = (secrets: readonly string[], line: string): string => maskAll(secrets, [line])[0]!

describe('the secrets of an environment', () => {
  it('are the values of variables named as secrets, also as they stand in JSON and in addresses', () => {
    expect(secretsOf({ DB_PASSWORD: 'pa"ss/word', HF_TOKEN: 'hf_abc' })).toEqual([
      'pa%22ss%2Fword',
      'pa\\"ss/word',
      'pa"ss/word',
      'hf_abc',
    ])
  })

  it('are what looks like a key under any name, and the passwords in addresses', () => {
    const found = secretsOf({
      SETTING: 'Bearer sk4Wq8ZlP0tR7vN2xY5bC1',
      DATABASE: 'postgres://me:hunter2hunter@db.example/x',
    })
    expect(found).toContain('sk4Wq8ZlP0tR7vN2xY5bC1')
    expect(found).toContain('hunter2hunter')
  })

  it('are not what is public: paths, names, switches, references and the id of a request', () => {
    expect(
      secretsOf({
        PWD: '/workspace',
        MODEL: 'meta-llama/Llama-3-70b-instruct',
        DATA: '/workspace/data/run1/checkpoints',
        MODE: 'train',
        USE_AUTH: 'true',
        KEY_COUNT: '1024',
        HF_TOKEN: '{{ RUNPOD_SECRET_hf }}',
        PODKEEPER_RUN_ID: 'a1b2c3d4e5f6a7b8c9d0e1f2',
        PUBLIC_KEY: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG1 me',
        A_TOKEN: 'abc',
      }),
    ).toEqual([])
  })

  it('of several lines are hidden line by line', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0B\n-----END KEY-----\n'
    expect(maskAll(secretsOf({ SSH_PRIVATE_KEY: key }), key.split('\n').slice(1, 3))).toEqual([
      HIDDEN,
      HIDDEN,
    ])
  })
})

describe('a secret in a log', () => {
  it('is hidden wherever it stands, several times and overlapping others', () => {
    expect(mask(['hunter2hunter'], 'a hunter2hunter b hunter2hunter')).toBe(`a ${HIDDEN} b ${HIDDEN}`)
    expect(mask(['abcdefgh', 'efghijkl'], 'x abcdefghijkl y')).toBe(`x ${HIDDEN} y`)
    expect(mask(['aaaaaaaa'], 'aaaaaaaaaaaa!')).toBe(`${HIDDEN}!`)
  })

  it('leaves lines without one as they are', () => {
    const line = { text: 'step 1', styles: [{ from: 0, to: 4, names: ['red'] as const }] }
    expect(createSecretMask(['hunter2hunter']).mask('system', line)).toBe(line)
  })

  it('is hidden where its program changes color within it', () => {
    const hide = createSecretMask(['hunter2hunter'])
    expect(
      hide.mask('container', {
        text: 'my hunter2hunter key',
        styles: [
          { from: 0, to: 6, names: ['red'] },
          { from: 6, to: 18, names: ['bold'] },
        ],
      }),
    ).toEqual({
      text: `my ${HIDDEN} key`,
      styles: [
        { from: 0, to: 11, names: ['red'] },
        { from: 11, to: 13, names: ['bold'] },
      ],
    })
  })

  it('is hidden where the end of a line cuts it', () => {
    expect(maskAll(['hunter2hunter'], ['key hunter2', 'hunter!'])).toEqual([`key ${HIDDEN}`, `${HIDDEN}!`])
    expect(maskAll(['hunter2hunter'], ['key hun', 'ter2hu', 'nter'])).toEqual(['key hun', HIDDEN, HIDDEN])
    expect(maskAll(['hunter2hunter'], ['key hun', 'gry'])).toEqual(['key hun', 'gry'])
  })

  it('is looked for in each source on its own', () => {
    const hide = createSecretMask(['hunter2hunter'])
    const plain = (text: string) => ({ text, styles: [] })
    hide.mask('container', plain('hunter2'))
    expect(hide.mask('system', plain('hunter')).text).toBe(HIDDEN)
    expect(hide.mask('container', plain('hunter x')).text).toBe(`${HIDDEN} x`)
  })

  it('is never seen, nor more than 5 of its characters where lines cut it', () => {
    const secret = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1'), minLength: 8, maxLength: 20 })
    const filler = fc.string({ unit: fc.constantFrom('x', 'y', ' ', '-'), maxLength: 10 })
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        fc.array(filler, { minLength: 2, maxLength: 5 }),
        fc.array(fc.nat(80), { maxLength: 6 }),
        (secrets, fillers, cuts) => {
          // Each secret among text that shares no character with it, cut into lines anywhere.
          const text = fillers.map((words, i) => words + (secrets[i % secrets.length] ?? '')).join('')
          const borders = [
            0,
            ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b),
            text.length,
          ]
          const lines = borders.slice(1).map((border, i) => text.slice(borders[i], border))
          const seen = maskAll(secrets, lines).map((line) => line.replaceAll(HIDDEN, '\0'))
          for (const line of seen)
            for (const run of line.match(/[abc1]+/g) ?? []) expect(run.length).toBeLessThanOrEqual(5)
          expect(seen.join('').replace(/[abc1\0]/g, '')).toBe(fillers.join(''))
        },
      ),
    )
  })
})
