import { plainText } from '../base/plain-text'

/** The passphrase prompt as its window shows it. */
export interface PassphraseView {
  readonly kind: 'passphrase'
  /** Identifies this prompt. The answer must include it and invalidates it. */
  readonly token: string
  /** Increases with each prompt, so that the window shows a new form. */
  readonly revision: number
  readonly title: string
  readonly label: string
  /** Why the prompt is shown again; otherwise null. */
  readonly warning: string | null
}

export interface PassphrasePromptOptions {
  /** Must be unpredictable. */
  readonly newToken: () => string
  /** Called when the front prompt changes or none is left. */
  readonly onChange: () => void
}

export interface PassphraseRequest {
  /** Null when refused. */
  readonly answer: Promise<string | null>
  /** Withdraws the request, which counts as a refusal. */
  readonly cancel: () => void
}

/** Prompts for passphrases one at a time. The input is passed on and not stored here. */
export interface PassphrasePrompt {
  /** A request for a key that is already being asked for gets the same answer. */
  request(keyName: string, isRetry: boolean): PassphraseRequest
  view(): PassphraseView | null
  /** `typed` is null for a refusal. Returns false when no open prompt matches. */
  answer(token: string, typed: string | null): boolean
  /** Called when the window was closed: refuses the prompt that it showed. */
  dismiss(): void
}

interface PendingPassphrase {
  readonly keyName: string
  readonly view: PassphraseView
  /** All requests that wait for this answer. */
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
