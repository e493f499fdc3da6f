import { expect, test } from 'vitest'
import {
  createQuestionQueue,
  type Question,
  type QuestionRequest,
} from '../../../src/core/confirmation/question-queue'
import { CHOSEN } from '../../../src/core/confirmation/confirmation'
import { passphraseQuestion } from '../../../src/core/confirmation/terminal-questions'

function emptyQueue(changes: (string | null)[] = []) {
  let tokens = 0
  const made = createQuestionQueue({
    newToken: () => `token-${(tokens += 1)}`,
    onChange: () => changes.push(made.view()?.title ?? null),
  })
  return made
}

/** A queue that takes every question. */
function queue() {
  const changes: (string | null)[] = []
  const made = emptyQueue(changes)
  function request(asked: Question): QuestionRequest {
    const requested = made.request(asked)
    if (!requested.ok) throw new Error(requested.error)
    return requested.value
  }
  const ask = (keyName: string, isRetry = false) => request(passphraseQuestion(keyName, isRetry))
  return { ...made, changes, request, ask }
}

/** A question whose button is the whole answer, or after these inputs. */
function question(id: string, acceptedInputs: readonly string[] | null = null): Question {
  const field = acceptedInputs && { label: 'Type it', isSecret: false, acceptedInputs }
  const text = {
    title: id,
    lines: [],
    warning: null,
    field,
    confirmLabel: 'Yes',
    isHarmful: true,
    isDestructive: true,
  }
  return { text }
}

test('a passphrase answers the question with its token, once', async () => {
  const made = queue()
  const request = made.ask('~/.ssh/id_rsa')
  const token = made.view()!.token
  expect(made.answer('token-0', 'wrong token')).toBe('not-open')
  expect(made.answer(token, 'secret')).toBe('done')
  expect(await request.answer).toBe('secret')
  expect(made.answer(token, 'secret')).toBe('not-open')
  expect(made.view()).toBeNull()
})

test('a choice is answered only where there is one', async () => {
  const made = queue()
  const plain = made.request(question('plain'))
  expect(made.answer(made.view()!.token, CHOSEN)).toMatchObject({ refused: expect.any(String) })
  expect(made.answer(made.view()!.token, '')).toBe('done')
  expect(await plain.answer).toBe('')
  const { text } = question('with a choice')
  const asked = made.request({ text: { ...text, choice: { label: 'More', consequence: 'It costs.' } } })
  expect(made.view()?.choice?.label).toBe('More')
  expect(made.answer(made.view()!.token, 'anything')).toMatchObject({ refused: expect.any(String) })
  expect(made.answer(made.view()!.token, CHOSEN)).toBe('done')
  expect(await asked.answer).toBe(CHOSEN)
})

test('questions are shown one after the other', async () => {
  const made = queue()
  const [first, second] = [made.ask('a'), made.ask('b', true)]
  expect(made.view()).toMatchObject({ title: 'Passphrase for a', warning: null })
  made.answer('token-1', null)
  expect(await first.answer).toBeNull()
  expect(made.view()).toMatchObject({ title: 'Passphrase for b', warning: expect.any(String) })
  made.dismiss()
  expect(await second.answer).toBeNull()
  expect(made.changes).toEqual(['Passphrase for a', 'Passphrase for b', null])
})

test('a withdrawn question makes way for the next', async () => {
  const made = queue()
  const [first, second] = [made.ask('a'), made.ask('b')]
  second.cancel()
  expect(await second.answer).toBeNull()
  first.cancel()
  expect(await first.answer).toBeNull()
  expect(made.view()).toBeNull()
})

test('no view ever contains the input', () => {
  const made = queue()
  made.ask('a')
  made.ask('b')
  made.answer('token-1', 'correct horse')
  expect(JSON.stringify(made.view())).not.toContain('correct horse')
})

test('requests for the same key share the answer', async () => {
  const made = queue()
  const [first, second, other] = [made.ask('a'), made.ask('a'), made.ask('b')]
  made.answer('token-1', 'secret')
  expect(await Promise.all([first.answer, second.answer])).toEqual(['secret', 'secret'])
  expect(made.view()?.title).toBe('Passphrase for b')
  const [third, fourth] = [made.ask('c', true), made.ask('c')]
  made.dismiss()
  made.dismiss()
  expect(await Promise.all([other.answer, third.answer, fourth.answer])).toEqual([null, null, null])
})

test('a question closes when its last request is withdrawn, and not before', async () => {
  const made = queue()
  const [first, second] = [made.ask('a'), made.ask('a')]
  first.cancel()
  expect(await first.answer).toBeNull()
  expect(made.view()?.token).toBe('token-1')
  first.cancel()
  made.answer('token-1', 'secret')
  expect(await second.answer).toBe('secret')
  const third = made.ask('a')
  expect(made.view()?.token).toBe('token-2')
  third.cancel()
  expect(made.view()).toBeNull()
})

test('a yes counts only with what has to be typed, and a wrong input leaves the question open', async () => {
  const made = queue()
  const named = made.request(question('forget', ['llama']))
  for (const wrong of ['', 'lama', 'LLAMA', 'lla ma'])
    expect(made.answer('token-1', wrong)).toEqual({ refused: expect.stringContaining('Nothing was done.') })
  expect(made.answer('token-1', 'llama')).toBe('done')
  expect(await named.answer).toBe('llama')
  const plain = made.request(question('open'))
  expect(made.answer('token-2', 'llama')).toEqual({ refused: expect.any(String) })
  expect(made.answer('token-2', '')).toBe('done')
  expect(await plain.answer).toBe('')
})

test('a flood of questions is refused with a reason, so that nobody has to click through it', () => {
  const queue = emptyQueue()
  const passphrase = passphraseQuestion('~/.ssh/id_rsa', false)
  const requests = Array.from({ length: 100 }, (_, index) =>
    queue.request(index === 3 ? passphrase : question(`question ${index}`)),
  )
  expect(requests.map(({ ok }) => ok)).toEqual([...Array(10).fill(true), ...Array(90).fill(false)])
  expect(requests[10]).toEqual({
    ok: false,
    error: 'Too many questions are open, so nothing was done. Answer them, then try again.',
  })
  // One that is open already, and may be shared, is joined.
  expect(queue.request(passphrase).ok).toBe(true)
  let shown = 0
  for (; queue.view() !== null; shown += 1) queue.dismiss()
  expect(shown).toBe(10)
})
