import { type PhoneOffer, type PhoneVerb, phoneVerbs } from './phone'

export const verbLabels: Readonly<Record<PhoneVerb, string>> = {
  stop: 'Stop',
  'keep-4h': 'Keep 4 h',
  'keep-morning': 'Keep until tomorrow',
  undo: 'Undo',
  dismiss: 'No',
}

/** What the buttons of a question say. */
const questionLabels: Readonly<Record<PhoneVerb, string>> = {
  ...verbLabels,
  stop: 'Stop now',
  'keep-4h': 'Keep 4 h from now',
}

/** What a press sends back: at most 64 bytes, which Telegram allows. */
const pressData = (offerId: string, verb: PhoneVerb): string => `${offerId}:${verb}`

/** The buttons of an offer as they are shown. */
export const offerButtons = ({
  id,
  buttons,
  isQuestion,
}: PhoneOffer): readonly { readonly verb: PhoneVerb; readonly label: string; readonly data: string }[] =>
  buttons.map((verb) => ({
    verb,
    label: (isQuestion ? questionLabels : verbLabels)[verb],
    data: pressData(id, verb),
  }))

/** What was pressed; null: the text is none of ours. */
export function parsePress(text: string): { readonly offerId: string; readonly verb: PhoneVerb } | null {
  const [, offerId, word] = /^([\w-]{1,64}):([\w-]{1,20})$/.exec(text) ?? []
  const verb = phoneVerbs.find((each) => each === word)
  return offerId === undefined || verb === undefined ? null : { offerId, verb }
}
