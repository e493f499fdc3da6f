import type { PodView } from '../../../core/view/snapshot'
import { notStartedText, RUN_NEXT_JOB, runNextLabel } from '../../pod-model/text/job-text'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSuggestedJob } from '../../state/hooks/use-queue'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'

interface RunNextButtonProps {
  readonly pod: Pick<PodView, 'key' | 'name'>
  /** Only its icon. */
  readonly isShort?: boolean
}

/** Starts the job that is suggested for an idle pod. Renders nothing without one. */
export function RunNextButton({ pod: { key, name }, isShort = false }: RunNextButtonProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const suggested = useSuggestedJob(key)
  if (suggested === null) return null
  const { id, spec } = suggested
  return (
    <Button
      icon="queue"
      label={runNextLabel(spec.name, name)}
      // The job that the button names, whatever comes first meanwhile.
      onPress={() =>
        runOnce(() => snapshotStore.runRequest(notStartedText(spec.name), bridge.runJob(id, key)))
      }
    >
      {isShort ? undefined : RUN_NEXT_JOB}
    </Button>
  )
}
