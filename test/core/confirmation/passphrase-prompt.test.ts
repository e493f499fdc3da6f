import { expect, test } from 'vitest'
import { createPassphraseDesk } from '../../../src/core/confirmation/passphrase-prompt'

function desk() {
  let tokens = 0
  const changes: (string | null)[] = []
  const made = createPassphraseDesk({
    newToken: () => `token-${(tokens += 1)}`,
    onChange: () => changes.push(made.view()?.title ?? null),
  })
  return Object.assign(made, { changes })
}

test('a passphrase answers the question with its token, once', async () => {
  const made = desk()
  const question = made.ask('~/.ssh/id_rsa', false)
  const token = made.view()!.token
  expect(made.answer('token-0', 'wrong token')).toBe(false)
  expect(made.answer(token, 'secret')).toBe(true)
  expect(await question.answer).toBe('secret')
  expect(made.answer(token, 'secret')).toBe(false)
  expect(made.view()).toBeNull()
})

test('questions wait for each other', async () => {
  const made = desk()
  const [first, second] = [made.ask('a', false), made.ask('b', true)]
  expect(made.view()).toMatchObject({ title: 'Passphrase for a', warning: null })
  made.answer('token-1', null)
  expect(await first.answer).toBeNull()
  expect(made.view()).toMatchObject({ title: 'Passphrase for b', warning: expect.any(String) })
  made.drop()
  expect(await second.answer).toBeNull()
  expect(made.changes).toEqual(['Passphrase for a', 'Passphrase for b', null])
})

test('a question that is taken back makes way', async () => {
  const made = desk()
  const [first, second] = [made.ask('a', false), made.ask('b', false)]
  second.withdraw()
  expect(await second.answer).toBeNull()
  first.withdraw()
  expect(await first.answer).toBeNull()
  expect(made.view()).toBeNull()
})

test('no view ever holds what was typed', () => {
  const made = desk()
  made.ask('a', false)
  made.ask('b', false)
  made.answer('token-1', 'correct horse')
  expect(JSON.stringify(made.view())).not.toContain('correct horse')
})

test('who asks for the same key waits for the same answer, whatever that is', async () => {
  const made = desk()
  const [first, second, other] = [made.ask('a', false), made.ask('a', false), made.ask('b', false)]
  made.answer('token-1', 'secret')
  expect(await Promise.all([first.answer, second.answer])).toEqual(['secret', 'secret'])
  expect(made.view()?.title).toBe('Passphrase for b')
  const [third, fourth] = [made.ask('c', true), made.ask('c', false)]
  made.drop()
  made.drop()
  expect(await Promise.all([other.answer, third.answer, fourth.answer])).toEqual([null, null, null])
})

test('a question goes with the last who waits for it, and not before', async () => {
  const made = desk()
  const [first, second] = [made.ask('a', false), made.ask('a', false)]
  first.withdraw()
  expect(await first.answer).toBeNull()
  expect(made.view()?.token).toBe('token-1')
  first.withdraw()
  made.answer('token-1', 'secret')
  expect(await second.answer).toBe('secret')
  const third = made.ask('a', false)
  expect(made.view()?.token).toBe('token-2')
  third.withdraw()
  expect(made.view()).toBeNull()
})
