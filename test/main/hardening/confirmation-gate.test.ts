import fc from 'fast-check'
import { expect, test } from 'vitest'
import { confirmationRules, createRequestGate, type Sender } from '../../../src/main/hardening/request-gate'
import { CONFIRM_PAGE, pageUrl } from '../../../src/main/hardening/app-pages'
import { requestNames } from '../../../src/shared/ipc'

const own: Sender = { url: pageUrl(CONFIRM_PAGE), isTopFrame: true, isInAppWindow: true }
const gate = (nowMs = () => 0) => createRequestGate(nowMs, confirmationRules)
const notAllowed = { ok: false, error: 'This page may not request that.' }

test('the confirmation page gets and answers prompts', () => {
  expect(gate().admit('confirmation', own, [])).toEqual({ ok: true, value: [] })
  for (const typed of ['trainer', '', null])
    expect(gate().admit('answerConfirmation', own, ['token', typed])).toEqual({
      ok: true,
      value: ['token', typed],
    })
})

test.each<[string, Partial<Sender>]>([
  ['the popover', { url: pageUrl('index.html') }],
  ['the main window', { url: pageUrl('window.html') }],
  ['the recovery page', { url: pageUrl('recovery.html') }],
  ['its page with more behind it', { url: `${pageUrl(CONFIRM_PAGE)}?a` }],
  ['a page that only looks like it', { url: 'podkeeper://app.evil.example/confirm.html' }],
  ['a page of the web', { url: 'https://evil.example/confirm.html' }],
  ['its page in another window', { isInAppWindow: false }],
  ['a frame within it', { isTopFrame: false }],
  ['a frame that is gone', { url: null }],
])('%s may neither get nor answer prompts', (_who, difference) => {
  const sender = { ...own, ...difference }
  expect(gate().admit('confirmation', sender, [])).toEqual(notAllowed)
  expect(gate().admit('answerConfirmation', sender, ['token', 'trainer'])).toEqual(notAllowed)
})

test('the confirmation page may not send the other windows’ requests, nor they its requests', () => {
  for (const name of requestNames)
    expect(gate().admit(name, own, ['pod-1'])).toEqual({
      ok: false,
      error: 'Podkeeper doesn’t know this request.',
    })
  const ordinary = createRequestGate(() => 0)
  for (const name of Object.keys(confirmationRules.schemas))
    expect(ordinary.admit(name, { ...own, url: pageUrl('index.html') }, ['token', 'trainer']).ok).toBe(false)
})

test('invalid requests are rejected with a message', () => {
  fc.assert(
    fc.property(fc.array(fc.anything({ withMap: true, withDate: true, withBigInt: true })), (args) => {
      const admitted = gate().admit('answerConfirmation', own, args)
      if (admitted.ok) expect(admitted.value).toEqual(args)
      else expect(admitted.error).toMatch(/^[A-Z].*\.$/)
    }),
  )
  for (const args of [
    ['token'],
    ['', 'a'],
    ['token', 'a', 'b'],
    ['token', 'x'.repeat(1_001)],
    ['token', undefined],
  ])
    expect(gate().admit('answerConfirmation', own, args).ok).toBe(false)
})

test('a loop of answers is rejected', () => {
  const loop = gate()
  for (let index = 0; index < 200; index++) loop.admit('answerConfirmation', own, ['token', 'guess'])
  expect(loop.admit('answerConfirmation', own, ['token', 'guess']).ok).toBe(false)
})
