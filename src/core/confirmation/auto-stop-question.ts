import { formatDuration } from '../base/text/format'
import type { ArmedPod, ArmedPods } from '../pod-rules/armed-pods'
import { shortName } from '../pods/pod-name'
import type { ConfirmationLine } from './confirmation'
import { accountLine } from './pod-questions'
import type { Question, QuestionText } from './question-queue'

/* The question before auto-stop is turned on for an account. See docs/product-rules.md#31-rules. */

/** Pods that stand among the lines; of more, all of them stand in a list of their own. */
const MAX_LISTED = 8

const plain = (text: string): ConfirmationLine => ({ tone: 'plain', text })

/** `accountName`: null where there is only one. */
export function autoStopQuestion(armed: ArmedPods, accountName: string | null): Question {
  const { listed, unlistedIds, includesLaterPods } = armed
  const names = [
    ...listed.map(podText),
    ...unlistedIds.map((id) => `${id}, which isn’t listed now, if it comes back (selected earlier)`),
  ]
  const list: Partial<QuestionText> =
    names.length > MAX_LISTED ? { script: names.join('\n'), scriptLabel: 'Pods' } : {}
  return {
    text: {
      title: 'Turn on auto-stop for this account?',
      lines: [
        ...accountLine(accountName),
        plain('Podkeeper then stops these pods when they stay quiet, after two warnings:'),
        ...(names.length > MAX_LISTED ? [] : names.map(plain)),
        ...(includesLaterPods ? [plain('New pods, if a rule of this account selects them.')] : []),
        plain('If you use several computers, turn it on for only one of them.'),
      ],
      ...list,
      warning: null,
      field: null,
      confirmLabel: 'Turn on auto-stop',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** "mcmc-planck (k7q2), after 6 h (selected earlier)". */
function podText({ pod, afterMs, isSelectedEarlier, wouldLoseAllData }: ArmedPod): string {
  const remarks = [
    ...(isSelectedEarlier ? ['selected earlier'] : []),
    ...(wouldLoseAllData ? ['only if you also allow losing its data'] : []),
  ]
  const remark = remarks.length === 0 ? '' : ` (${remarks.join('; ')})`
  return `${shortName(pod.name)} (${pod.id}), after ${formatDuration(afterMs)}${remark}`
}
