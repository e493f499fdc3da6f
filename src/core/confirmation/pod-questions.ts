import { shortName } from '../pods/pod-name'
import { formatUsdPerHour } from '../base/text/format'
import type { Pod, PodKey } from '../pods/pod'
import { engineText } from '../pods/pod-engine'
import { dataImpact } from '../pods/data-impact'
import { impactSentence } from '../pods/data-impact-text'
import type { ConfirmationLine } from './confirmation'
import type { Question } from './question-queue'

/* Questions before a pod's data can be lost by a stop. See docs/product-rules.md#43-stop. */

const plain = (text: string): ConfirmationLine => ({ tone: 'plain', text })
const bad = (text: string): ConfirmationLine => ({ tone: 'bad', text })

/** Which account a question is about, where there are several. */
export const accountLine = (name: string | null): readonly ConfirmationLine[] =>
  name === null ? [] : [plain(`In your account ${name}`)]

/** Whether nothing of the pod surely survives a stop, so that it is asked about first. */
export function isNothingKeptByStop(pod: Pod): boolean {
  return dataImpact(pod, 'stop').every(({ impact }) => impact !== 'kept')
}

/** `accountName`: null where there is only one. */
export function stopQuestion(pod: Pod, podKey: PodKey, accountName: string | null): Question {
  const name = shortName(pod.name)
  const { costPerHourUsd, isPriceApproximate } = pod
  return {
    // A yes counts for what was shown only.
    id: `stop ${podKey} ${impactSentence(dataImpact(pod, 'stop'))}`,
    text: {
      title: `Stop ${name}?`,
      lines: [
        ...accountLine(accountName),
        bad(impactSentence(dataImpact(pod, 'stop'))),
        ...(pod.engine === undefined ? [] : [bad(engineText(pod.engine))]),
        plain(
          costPerHourUsd === null || costPerHourUsd === 0
            ? 'You may not get this GPU back.'
            : `Ends ${formatUsdPerHour(costPerHourUsd, isPriceApproximate)}. You may not get this GPU back.`,
        ),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Stop pod',
      isHarmful: true,
      isDestructive: true,
    },
  }
}

export function loseDataQuestion(pod: Pod, podKey: PodKey, accountName: string | null): Question {
  const name = shortName(pod.name)
  return {
    id: `lose data ${podKey} ${impactSentence(dataImpact(pod, 'stop'))}`,
    text: {
      title: `Allow automatic stops of ${name} to lose data?`,
      lines: [
        ...accountLine(accountName),
        bad(impactSentence(dataImpact(pod, 'stop'))),
        plain(
          'Auto-stop, its maximum hours and its budget can then stop it without asking again, after their warnings.',
        ),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Allow losing data',
      isHarmful: true,
      isDestructive: true,
    },
  }
}
