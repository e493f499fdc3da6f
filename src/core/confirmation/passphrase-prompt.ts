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

export interface PassphrasePromptOptions {
  /** Not to be guessed. */
  readonly newToken: () => string
  /** Another question is in front now, or none is. */
  readonly onChange: () => void
}

export interface PassphraseRequest {
  /** Null: no. */
  readonly answer: Promise<string | null>
  /** Takes it back, as a no. */
  readonly cancel: () => void
}

/** Asks for passphrases, one after the other. What was typed is handed on and kept nowhere here. */
export interface PassphrasePrompt {
  /** Who asks for a key that is asked for already waits for the same answer. */
  request(keyName: string, isRetry: boolean): PassphraseRequest
  view(): PassphraseView | null
  /** `typed` null: no. False: it answers no question that is open. */
  answer(token: string, typed: string | null): boolean
  /** The window was closed: no to the question that it showed. */
  dismiss(): void
}

interface PendingPassphrase {
  readonly keyName: string
  readonly view: PassphraseView
  /** All who wait for it. */
  readonly resolvers: Set<(typed: string | null) => void>
}

export function createPassphrasePrompt({ newToken, onChange }: PassphrasePromptOptions): PassphrasePrompt {
  const questions: PendingPassphrase[] = []
  let requestCount = 0

  function settle(question: PendingPassphrase, typed: string | null): void {
    const index = questions.indexOf(question)
    if (index < 0) return
    questions.splice(index, 1)
    for (const resolve of question.resolvers) resolve(typed)
    if (index === 0) onChange()
  }

  function enqueue(keyName: string, isRetry: boolean): PendingPassphrase {
    requestCount += 1
    const view: PassphraseView = {
      kind: 'passphrase',
      token: newToken(),
      revision: requestCount,
      title: `Passphrase for ${plainText(keyName).slice(0, 200)}`,
      label: 'It is kept in memory until Podkeeper quits, and written down nowhere.',
      warning: isRetry ? 'That was not the passphrase of this key.' : null,
    }
    const question: PendingPassphrase = { keyName, view, resolvers: new Set() }
    questions.push(question)
    if (questions.length === 1) onChange()
    return question
  }

  return {
    request(keyName, isRetry) {
      const question = questions.find((each) => each.keyName === keyName) ?? enqueue(keyName, isRetry)
      let resolveAnswer: (typed: string | null) => void = () => {}
      const answer = new Promise<string | null>((resolve) => {
        resolveAnswer = resolve
      })
      question.resolvers.add(resolveAnswer)
      return {
        answer,
        cancel() {
          if (!question.resolvers.delete(resolveAnswer)) return
          resolveAnswer(null)
          if (question.resolvers.size === 0) settle(question, null)
        },
      }
    },
    view: () => questions[0]?.view ?? null,
    answer(token, typed) {
      const question = questions[0]
      if (question === undefined || question.view.token !== token) return false
      settle(question, typed)
      return true
    },
    dismiss() {
      if (questions[0]) settle(questions[0], null)
    },
  }
}
