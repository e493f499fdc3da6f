import { formatDuration, formatUsdPerHour } from '../../base/text/format'
import type { ConfirmationLine } from '../../confirmation/confirmation'
import type { Question } from '../../confirmation/question-queue'
import { savingOfStop } from '../../pods/data-impact'
import { parsePodKey } from '../../pods/pod'
import { shortName } from '../../pods/pod-name'
import { accountName } from '../account-name'
import type { PodView, Snapshot } from '../snapshot'
import type { IdleStopPlan } from '../stops/stop-plan'
import { leftOutText, podsText, savingSentence, stopPodsTitle } from '../stops/stop-plan-text'

const plain = (text: string): ConfirmationLine => ({ tone: 'plain', text })

/** Asks about all idle pods of the plan at once, each by name. See docs/product-rules.md#43-stop. */
export function stopIdleQuestion({ stopped, leftOut }: IdleStopPlan, snapshot: Snapshot): Question {
  const left = leftOutText(leftOut)
  const saves = savingSentence(stopped.map((pod) => savingOfStop(pod, pod.stopImpact) ?? undefined))
  return {
    text: {
      title: stopPodsTitle(stopped),
      lines: [
        ...(left === null ? [] : [plain(left)]),
        ...(saves === '' ? [] : [plain(saves)]),
        plain(
          stopped.every(({ stopImpact }) => stopImpact.every(({ impact }) => impact === 'kept'))
            ? 'Volumes are kept.'
            : 'Volumes are kept; data outside them is lost.',
        ),
        plain('You may not get the same GPUs back.'),
      ],
      script: stopped.map((pod) => podText(pod, snapshot)).join('\n'),
      scriptLabel: 'Pods to stop',
      warning: null,
      field: null,
      confirmLabel: stopped.length === 1 ? 'Stop pod' : `Stop ${podsText(stopped)}`,
      isHarmful: true,
      isDestructive: true,
    },
  }
}

/** "mcmc-planck (x1y2), idle for 42 min, $3.99/hr": the id, since others may have the same name. */
function podText(pod: PodView, snapshot: Snapshot): string {
  const account = accountName(snapshot, pod.accountId)
  const { activity, costPerHourUsd, isPriceApproximate } = pod
  return [
    `${shortName(pod.name)} (${parsePodKey(pod.key).podId}${account === null ? '' : `, ${account}`})`,
    ...(activity.kind === 'idle' ? [`idle for ${formatDuration(activity.idleForMs)}`] : []),
    costPerHourUsd === null ? 'price unknown' : formatUsdPerHour(costPerHourUsd, isPriceApproximate),
  ].join(', ')
}

/** Why pods that were asked about were left alone, as a sentence. */
export function notStoppedText(changed: readonly Pick<PodView, 'name'>[]): string {
  const [only] = changed
  return changed.length === 1 && only !== undefined
    ? `${only.name} is no longer idle or has changed, so it was not stopped.`
    : `${podsText(changed)} are no longer idle or have changed, so they were not stopped.`
}
