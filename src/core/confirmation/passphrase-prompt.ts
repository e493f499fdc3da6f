import { plainText } from '../base/plain-text'

/** The question for a passphrase as its window shows it. */
export interface PassphraseView {
  readonly kind: 'passphrase'
  /** Names this question once: the answer has to bring it, and uses it up. */
  readonly token: string
  /** Another question is another form. */
  readonly revision: number
  readonly title: string
  readonly label: string
  /** Why it is asked again; else null. */
  readonly warning: string | null
}

export interface PassphraseDeskOptions {
  /** Not to be guessed. */
  readonly newToken: () => string
  /** Another question is in front now, or none is. */
  readonly onChange: () => void
}

export interface PassphraseQuestion {
  /** Null: no. */
  readonly answer: Promise<string | null>
  /** Takes it back, as a no. */
  readonly withdraw: () => void
}

/** Asks for passphrases, one after the other. What was typed is handed on and kept nowhere here. */
export interface PassphraseDesk {
  /** Who asks for a key that is asked for already waits for the same answer. */
  ask(keyName: string, isAgain: boolean): PassphraseQuestion
  view(): PassphraseView | null
  /** `typed` null: no. False: it answers no question that is open. */
  answer(token: string, typed: string | null): boolean
  /** The window was closed: no to the question that it showed. */
  drop(): void
}

interface Question {
  readonly keyName: string
  readonly view: PassphraseView
  /** All who wait for it. */
  readonly settles: Set<(typed: string | null) => void>
}

export function createPassphraseDesk({ newToken, onChange }: PassphraseDeskOptions): PassphraseDesk {
  const questions: Question[] = []
  let asked = 0

  function end(question: Question, typed: string | null): void {
    const index = questions.indexOf(question)
    if (index < 0) return
    questions.splice(index, 1)
    for (const settle of question.settles) settle(typed)
    if (index === 0) onChange()
  }

  function open(keyName: string, isAgain: boolean): Question {
    asked += 1
    const view: PassphraseView = {
      kind: 'passphrase',
      token: newToken(),
      revision: asked,
      title: `Passphrase for ${plainText(keyName).slice(0, 200)}`,
      label: 'It is kept in memory until Podkeeper quits, and written down nowhere.',
      warning: isAgain ? 'That was not the passphrase of this key.' : null,
    }
    const question: Question = { keyName, view, settles: new Set() }
    questions.push(question)
    if (questions.length === 1) onChange()
    return question
  }

  return {
    ask(keyName, isAgain) {
      const question = questions.find((one) => one.keyName === keyName) ?? open(keyName, isAgain)
      let settle: (typed: string | null) => void = () => {}
      const answer = new Promise<string | null>((resolve) => {
        settle = resolve
      })
      question.settles.add(settle)
      return {
        answer,
        withdraw() {
          if (!question.settles.delete(settle)) return
          settle(null)
          if (question.settles.size === 0) end(question, null)
        },
      }
    },
    view: () => questions[0]?.view ?? null,
    answer(token, typed) {
      const question = questions[0]
      if (question === undefined || question.view.token !== token) return false
      end(question, typed)
      return true
    },
    drop() {
      if (questions[0]) end(questions[0], null)
    },
  }
}
