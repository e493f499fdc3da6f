import { dataImpact } from '../pods/data-impact'
import { impactSentence } from '../pods/data-impact-text'
import type { Pod, PodKey } from '../pods/pod'
import { shortName } from '../pods/pod-name'
import type { ConfirmationLine } from './confirmation'
import { accountLine } from './pod-questions'
import type { Question } from './question-queue'

const plain = (text: string): ConfirmationLine => ({ tone: 'plain', text })
const bad = (text: string): ConfirmationLine => ({ tone: 'bad', text })

/**
 * Asked before a guard is installed in a pod, with the whole script and what a stop would lose. `stop`: it may stop the
 * pod without a delivered warning. See docs/product-rules.md#141-guard-in-the-pod.
 */
export function podGuardQuestion(
  pod: Pod,
  podKey: PodKey,
  wish: 'stop' | 'report',
  script: string,
  accountName: string | null,
): Question {
  const name = shortName(pod.name)
  const impact = impactSentence(dataImpact(pod, 'stop'))
  const consent =
    wish === 'stop'
      ? [
          bad('Stops the pod while no Podkeeper watches it, even if no warning reaches you.'),
          bad(`A stop: ${impact}`),
          plain('It warns in the pod’s terminals 30 and 5 min before. It never terminates the pod.'),
        ]
      : [plain('Only reports what it finds. It never stops the pod.')]
  return {
    // A yes counts for what was shown only.
    id: `pod guard ${podKey} ${wish} ${impact} ${script.length}`,
    text: {
      title: `Install a guard in ${name}?`,
      lines: [
        ...accountLine(accountName),
        plain('This script runs in the pod, with the pod’s own key. Your API key never goes there.'),
        ...consent,
      ],
      script,
      warning: null,
      field: null,
      confirmLabel: 'Install guard',
      isHarmful: true,
      isDestructive: false,
    },
  }
}
