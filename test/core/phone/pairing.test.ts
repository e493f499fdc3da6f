import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { newPairing, pairWith, shownCode } from '../../../src/core/phone/pairing'
import type { PhoneUpdate } from '../../../src/core/phone/offer/phone'

const text = (said: string, over: object = {}): PhoneUpdate =>
  ({
    kind: 'text',
    id: '1',
    from: { id: '7', name: 'Anna' },
    isPrivate: true,
    text: said,
    ...over,
  }) as PhoneUpdate

const pairing = newPairing(() => 48_291_375, 0)

test('a code has eight digits, and whoever sends it in a private chat is paired', () => {
  expect(shownCode(pairing)).toBe('4829 1375')
  expect(shownCode(newPairing(() => 7, 0))).toBe('0000 0007')
  for (const said of ['48291375', '4829 1375', ' 4829-1375 ', '/start 48291375'])
    expect(pairWith(pairing, [text(said)], 1)).toMatchObject({ kind: 'paired', person: { id: '7' } })
})

test('a code in a group, of another message or after 10 min pairs nobody', () => {
  expect(pairWith(pairing, [text('48291375', { isPrivate: false })], 1)).toMatchObject({ kind: 'waiting' })
  expect(pairWith(pairing, [text('code 48291375 is it')], 1)).toEqual({ kind: 'waiting', pairing })
  expect(pairWith(pairing, [text('48291375')], 10 * MINUTE_MS)).toEqual({ kind: 'expired' })
})

test('five wrong codes end it, whoever sent them, also over several polls', () => {
  const wrong = text('11112222', { from: { id: '8', name: 'Eve' } })
  const once = pairWith(pairing, [wrong, wrong, wrong, wrong], 1)
  expect(once).toMatchObject({ kind: 'waiting', pairing: { triesLeft: 1 } })
  if (once.kind !== 'waiting') return
  expect(pairWith(once.pairing, [wrong, text('48291375')], 2)).toEqual({ kind: 'used-up' })
  expect(pairWith(once.pairing, [text('hello'), text('48291375')], 2)).toMatchObject({ kind: 'paired' })
})
