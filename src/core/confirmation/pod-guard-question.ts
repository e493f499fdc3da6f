import { dataImpact } from '../pods/data-impact'
import { impactSentence } from '../pods/data-impact-text'
import type { Pod } from '../pods/pod'
import { shortName } from '../pods/pod-name'
import { IN_THE_POD } from '../pod-guard/guard-computers'
import type { SetByOther } from '../pod-guard/guard-in-pod-view'
import { bad, plain } from './confirmation'
import { accountLine, podLine } from './pod-questions'
import type { Question } from './question-queue'

const ownKey = 'This script runs in the pod, with the pod’s own key. Your API key never goes there.'
const warnings = 'It warns in the pod’s terminals 30 and 5 min before. It never terminates the pod.'
const everyPod = 'That is each pod created in the account from now on, whoever creates it.'
const onlyReports = 'Only reports what it finds. It never stops the pod.'

/** What is added to `/post_start.sh`, with the folder of the guard left out. */
export const postStartLines = `# >>> Podkeeper's guard of …: it starts in the background
if [ -f '…/guard.sh' ]; then setsid sh '…/guard.sh' </dev/null >/dev/null 2>&1 & fi
# <<< Podkeeper's guard of …`

/**
 * Asked before a guard is installed in a pod, with the whole script and what a stop would lose. `stop`: it may stop the
 * pod without a delivered warning. See docs/product-rules.md#141-guard-in-the-pod.
 */
export function podGuardQuestion(
  pod: Pod,
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
          plain(warnings),
        ]
      : [plain(onlyReports)]
  return {
    text: {
      title: `Install a guard in ${name}?`,
      lines: [podLine(pod, accountName), plain(ownKey), ...consent],
      script,
      warning: null,
      field: null,
      confirmLabel: 'Install guard',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** Asked before the script that the image runs at each start of the container gets a block that starts the guard. */
export function postStartQuestion(pod: Pod, accountName: string | null): Question {
  return {
    text: {
      title: `Start the guard with the container of ${shortName(pod.name)}?`,
      lines: [
        podLine(pod, accountName),
        plain(
          'After a restart of the container the guard then runs again at once, also while no Podkeeper does.',
        ),
        plain(
          'Three marked lines go into /post_start.sh in the pod. What is there stays, and they go with the guard.',
        ),
        plain(
          'That file is on the container disk: a stop of the pod removes it, and Podkeeper adds the lines again.',
        ),
      ],
      script: postStartLines,
      scriptLabel: 'Lines for /post_start.sh',
      warning: null,
      field: null,
      confirmLabel: 'Add lines',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** Asked before what another computer set in a guard is removed. */
export function forgetInGuardQuestion(
  pod: Pod,
  { id, name }: Pick<SetByOther, 'id' | 'name'>,
  accountName: string | null,
): Question {
  return {
    text: {
      title: `Remove what ${name} set in the guard of ${shortName(pod.name)}?`,
      lines: [
        podLine(pod, accountName),
        bad('Its deadline and its idle limit no longer stop the pod.'),
        bad('If it keeps the pod running, the pod may be stopped from now on.'),
        ...(id === IN_THE_POD ? [] : [plain('If Podkeeper still runs there, it sets them again.')]),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Remove',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** Asked before each pod of an account that is created from now on gets a guard. */
export function newPodGuardQuestion(
  wish: 'stop' | 'report',
  script: string,
  accountName: string | null,
): Question {
  const consent =
    wish === 'stop'
      ? [
          bad('Stops a new pod while no Podkeeper watches it, even if no warning reaches you.'),
          plain('Where a stop would lose data that is on no volume, it only reports.'),
          plain(warnings),
        ]
      : [plain(onlyReports)]
  return {
    text: {
      title: 'Install a guard in each new pod?',
      lines: [...accountLine(accountName), plain(ownKey), ...consent, plain(everyPod)],
      script,
      warning: null,
      field: null,
      confirmLabel: 'Install in new pods',
      isHarmful: true,
      isDestructive: false,
    },
  }
}
