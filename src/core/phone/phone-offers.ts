import type { AlertKey } from '../alerts/alert'
import { alertName } from '../alerts/alert-history'
import type { PhoneOffer, PhoneState, PhoneTarget, PhoneVerb } from './offer/phone'
import { draftOf } from './phone-draft'

/** The buttons of an alert: the same ones each time it is sent, because a reply that was lost repeats the message. */
export function offerForAlert(
  before: PhoneState,
  target: PhoneTarget,
  alert: AlertKey,
  buttons: readonly PhoneVerb[],
  nowMs: number,
  newId: () => string,
): { readonly state: PhoneState; readonly offer: PhoneOffer | null } {
  const name = alertName(alert)
  const isSame = ({ alert: other, podStartedAtMs }: PhoneOffer): boolean =>
    other !== null && alertName(other) === name && podStartedAtMs === target.podStartedAtMs
  const known = before.offers.find(isSame)
  if (known !== undefined) return { state: before, offer: known.usedAtMs === null ? known : null }
  const draft = draftOf(before, nowMs, newId)
  const id = draft.offer({ target, buttons, alert })
  const { state } = draft.done()
  return { state, offer: state.offers.find((one) => one.id === id) ?? null }
}
