import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseSecretTemplates } from '../../../src/providers/runpod/parse/parse-templates'
import { anyCharacter } from '../../harness/base/any-character'

const template = (more: object = {}) => ({ id: 'tpl', name: 'mine', env: {}, ...more })
const parse = (...entries: readonly unknown[]) => parseSecretTemplates(entries, true)

test('a template is named with its variables that look like secrets, whoever can read it and whatever it is for', () => {
  const env = { HF_TOKEN: 'hf_secret_value', SEED: '1', OTHER: '{{ RUNPOD_SECRET_x }}' }
  expect(parse(template({ env, public: true, serverless: true }), template({ id: 'b' }))).toEqual({
    isComplete: true,
    templates: [{ id: 'tpl', name: 'mine', variableNames: ['HF_TOKEN'], isPublic: true, isServerless: true }],
  })
})

test.each([
  ['no object', 'text'],
  ['an id that can’t be one', template({ id: 'a\u202eb' })],
  ['variables that are no object', template({ env: ['HF_TOKEN=hf_secret'] })],
  [
    'too many variables',
    template({ env: Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`V${index}`, ''])) }),
  ],
])('a template that is %s makes the list incomplete, and keeps the others', (_, entry) => {
  expect(parse(entry, template({ id: 'b', env: { TOKEN: 'x' } }))).toMatchObject({
    isComplete: false,
    templates: [{ id: 'b' }],
  })
})

test('a secret in place of a name is hidden, and a name is one line', () => {
  const { templates } = parse(
    template({ name: 'a\nb', env: { hf_abcdefghijkl_token: 'x', 'TO\nKEN_token': 'y' } }),
  )
  expect(templates[0]?.name).toBe('a b')
  expect(JSON.stringify(templates)).not.toContain('hf_abcdefghijkl')
  expect(templates[0]?.variableNames.join()).not.toContain('\n')
})

test('no value of a variable is ever in what is read', () => {
  const value = fc.string({ unit: anyCharacter, minLength: 12 }).map((text) => `v${text}`)
  const name = fc.constantFrom('HF_TOKEN', 'PASSWORD', 'SEED', 'X')
  fc.assert(
    fc.property(fc.dictionary(name, value), (env) => {
      const text = JSON.stringify(parse(template({ env })))
      for (const each of Object.values(env)) expect(text).not.toContain(JSON.stringify(each).slice(1, -1))
    }),
  )
})
