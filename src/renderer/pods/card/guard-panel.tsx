import { fateSentence } from '../../../core/pods/data-impact-text'
import type { PodView } from '../../../core/view/snapshot'
import { plannedWords } from '../../pod-model/guard-text'
import { keptOnWords } from '../../pod-model/keep-on-text'
import { useAsk } from '../../state/use-request'
import { useMirror, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { Icon } from '../../ui/icon'
import { Tick } from '../../ui/tick'
import { runPodCommand } from '../../pod-model/pod-commands'

/** That a pod is kept on, when it will be stopped and what survives that, or why it is not stopped. */
export function GuardPanel({ pod, isStale }: { readonly pod: PodView; readonly isStale: boolean }) {
  const { keepOn, autoStop } = pod.guard
  if (keepOn !== null) return <KeptOn pod={pod} keepOn={keepOn} />
  if (autoStop.kind === 'held') return <p className="guard idle">{autoStop.words}</p>
  // What is not seen any more is not stopped either: nothing is announced of an old picture.
  if (autoStop.kind === 'planned' && !isStale) return <Planned pod={pod} planned={autoStop} />
  return null
}

interface KeptOnProps {
  readonly pod: PodView
  readonly keepOn: NonNullable<PodView['guard']['keepOn']>
}

function KeptOn({ pod, keepOn }: KeptOnProps) {
  const parts = useWindow()
  const ask = useAsk()
  return (
    <div className="guard kept">
      <Icon name="moon" size={14} />
      <p>
        <Tick text={(nowMs) => keptOnWords(keepOn, nowMs)} />
      </p>
      <Button
        kind="bare"
        label={`End keeping on ${pod.name}`}
        onPress={() => ask(() => runPodCommand(parts, pod, { kind: 'end-keep-on' }))}
      >
        End
      </Button>
    </div>
  )
}

interface PlannedProps {
  readonly pod: PodView
  readonly planned: Extract<PodView['guard']['autoStop'], { kind: 'planned' }>
}

function Planned({ pod, planned }: PlannedProps) {
  const isDryRun = useMirror(({ snapshot }) => snapshot?.guard.isDryRun ?? false)
  const fate = planned.action === 'stop' ? pod.stopFate : pod.terminateFate
  return (
    <p className={isDryRun ? 'guard mute' : planned.action === 'terminate' ? 'guard bad' : 'guard idle'}>
      <b>
        <Tick text={(nowMs) => `${plannedWords(planned, isDryRun, nowMs)}.`} />
      </b>{' '}
      {fateSentence(fate)}
    </p>
  )
}
