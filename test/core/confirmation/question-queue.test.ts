import { expect, test } from 'vitest'
import { createPassphrasePrompt } from '../../../src/core/confirmation/passphrase-prompt'

function desk() {
  let tokens = 0
  const changes: (string | null)[] = []
  const made = createPassphrasePrompt({
    newToken: () => `token-${(tokens += 1)}`,
    onChange: () => changes.push(made.view()?.title ?? null),
  })
  return Object.assign(made, { changes })
}

test('a passphrase answers the prompt with its token, once', async () => {
  const made = desk()
  const question = made.request('~/.ssh/id_rsa', false)
  const token = made.view()!.token
  expect(made.answer('token-0', 'wrong token')).toBe(false)
  expect(made.answer(token, 'secret')).toBe(true)
  expect(await question.answer).toBe('secret')
  expect(made.answer(token, 'secret')).toBe(false)
  expect(made.view()).toBeNull()
})

test('prompts are shown one after the other', async () => {
  const made = desk()
  const [first, second] = [made.request('a', false), made.request('b', true)]
  expect(made.view()).toMatchObject({ title: 'Passphrase for a', warning: null })
  made.answer('token-1', null)
  expect(await first.answer).toBeNull()
  expect(made.view()).toMatchObject({ title: 'Passphrase for b', warning: expect.any(String) })
  made.dismiss()
  expect(await second.answer).toBeNull()
  expect(made.changes).toEqual(['Passphrase for a', 'Passphrase for b', null])
})

test('a withdrawn prompt makes way for the next', async () => {
  const made = desk()
  const [first, second] = [made.request('a', false), made.request('b', false)]
  second.cancel()
  expect(await second.answer).toBeNull()
  first.cancel()
  expect(await first.answer).toBeNull()
  expect(made.view()).toBeNull()
})

test('no view ever contains the input', () => {
  const made = desk()
  made.request('a', false)
  made.request('b', false)
  made.answer('token-1', 'correct horse')
  expect(JSON.stringify(made.view())).not.toContain('correct horse')
})

test('requests for the same key share the answer', async () => {
  const made = desk()
  const [first, second, other] = [
    made.request('a', false),
    made.request('a', false),
    made.request('b', false),
  ]
  made.answer('token-1', 'secret')
  expect(await Promise.all([first.answer, second.answer])).toEqual(['secret', 'secret'])
  expect(made.view()?.title).toBe('Passphrase for b')
  const [third, fourth] = [made.request('c', true), made.request('c', false)]
  made.dismiss()
  made.dismiss()
  expect(await Promise.all([other.answer, third.answer, fourth.answer])).toEqual([null, null, null])
})

test('a prompt closes when its last request is withdrawn, and not before', async () => {
  const made = desk()
  const [first, second] = [made.request('a', false), made.request('a', false)]
  first.cancel()
  expect(await first.answer).toBeNull()
  expect(made.view()?.token).toBe('token-1')
  first.cancel()
  made.answer('token-1', 'secret')
  expect(await second.answer).toBe('secret')
  const third = made.request('a', false)
  expect(made.view()?.token).toBe('token-2')
  third.cancel()
  expect(made.view()).toBeNull()
})
