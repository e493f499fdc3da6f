import type { PhoneOffer, PhoneSay } from '../../../src/core/phone/offer/phone'

export const phoneSay = (over: Partial<PhoneSay> = {}): PhoneSay => ({
  id: 's',
  text: 'llama is idle.',
  offerId: null,
  answers: null,
  madeAtMs: 0,
  ...over,
})

export const phoneOffer = (over: Partial<PhoneOffer> = {}): PhoneOffer => ({
  accountId: 'acc',
  podId: 'llama',
  podName: 'llama',
  podStartedAtMs: 1,
  id: 'offer-1',
  buttons: ['stop', 'keep-4h'],
  alert: null,
  isQuestion: false,
  undoes: null,
  madeAtMs: 0,
  usedAtMs: null,
  ...over,
})
