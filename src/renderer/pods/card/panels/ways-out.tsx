import type { PodView } from '../../../../core/view/snapshot'
import { canBeCopied, runPodCommand } from '../../../pod-model/commands/pod-commands'
import { hasOpenIntent } from '../../../pod-model/text/intent-text'
import { useWindow } from '../../../state/window-context'
import { Button } from '../../../ui/button'
import { intentPanelText, progressPanelText } from './panels-text'

/** What can be done besides starting a pod that something else stopped: its remarks say what is known of that. */
export function OutsideStopActions({ pod }: { readonly pod: PodView }) {
  const isOffered = pod.outsideStop !== undefined && pod.phase === 'stopped' && !hasOpenIntent(pod.intent)
  if (!isOffered || (pod.hasLogs !== true && !canBeCopied(pod))) return null
  return (
    <div className="progress-actions">
      {pod.hasLogs === true && <LogsButton pod={pod} />}
      {canBeCopied(pod) && <RebuildButton pod={pod} />}
    </div>
  )
}

/** Leads to the logs of a pod, on its page. */
export function LogsButton({ pod }: { readonly pod: PodView }) {
  const { navigate } = useWindow()
  return (
    <Button
      icon="page"
      label={progressPanelText.showLogsOf(pod.name)}
      onPress={() => navigate('logs', pod.key)}
    >
      {progressPanelText.showLogs}
    </Button>
  )
}

/** The way out where the GPUs of its machine are taken, or Runpod stopped it. */
export function RebuildButton({ pod }: { readonly pod: PodView }) {
  const services = useWindow()
  return (
    <Button
      label={intentPanelText.rebuildOf(pod.name)}
      onPress={() => void runPodCommand(services, pod, { kind: 'rebuild' })}
    >
      {intentPanelText.rebuild}
    </Button>
  )
}
