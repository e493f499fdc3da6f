import { runPodCommand } from '../../pod-model/commands/pod-commands'
import { hasOpenIntent } from '../../pod-model/text/intent-text'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ReleaseButton } from '../actions/release-button'
import { demoTourText } from './demo-tour-text'
import { TourPanel, type TourStepProps, useTourCommand } from './tour-panel'

/** It has to run before it can be stopped automatically. */
export function Start({ pod, tour }: TourStepProps) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  const isStopped = pod.phase === 'stopped' && !hasOpenIntent(pod.intent)
  return (
    <TourPanel
      step={tour.step}
      title={isStopped ? demoTourText.stopped(pod.name) : demoTourText.starting(pod.name)}
      amount={null}
      tone="ok"
      note={demoTourText.startAgain}
    >
      {isStopped && (
        <Button
          kind="primary"
          icon="start"
          onPress={() => runOnce(() => runPodCommand(services, pod, { kind: 'start' }))}
        >
          {demoTourText.start(pod.name)}
        </Button>
      )}
    </TourPanel>
  )
}

/** Auto-stop is on: the person lets it come, or keeps the pod running on its card. */
export function Watch({ pod, tour }: TourStepProps) {
  const command = useTourCommand()
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const { name } = pod
  const { autoStop, keepOn } = pod.guard
  if (keepOn !== null)
    return (
      <TourPanel
        step={tour.step}
        title={demoTourText.isKept(name)}
        amount={null}
        tone="ok"
        note={demoTourText.endKeeping}
      >
        <ReleaseButton pod={pod} />
      </TourPanel>
    )
  const isPlanned = autoStop.kind === 'planned'
  return (
    <TourPanel
      step={tour.step}
      title={isPlanned ? demoTourText.stopsIn(name, autoStop.atMs - nowMs) : demoTourText.isWatched(name)}
      amount={null}
      tone="ok"
      note={isPlanned ? demoTourText.wasWarned : demoTourText.warnsFirst}
    >
      <Button kind="primary" onPress={() => command('pass-time')}>
        {isPlanned ? demoTourText.letStop : demoTourText.passTime}
      </Button>
    </TourPanel>
  )
}

/** What the automatic stop saves, which grows with time. */
export function Saved({ pod, tour }: TourStepProps) {
  const command = useTourCommand()
  const { saving, savedUsd } = tour
  const isHourOver = savedUsd !== null && saving !== null && savedUsd > saving.perHourUsd * 0.9
  const savesText = saving === null ? null : demoTourText.saves(saving)
  return (
    <TourPanel
      step={tour.step}
      title={demoTourText.wasStopped(pod.name)}
      amount={savedUsd === null ? savesText : demoTourText.saved(savedUsd)}
      tone="ok"
      note={isHourOver ? demoTourText.lookAround : demoTourText.dataKept}
    >
      {!isHourOver && (
        <Button kind="primary" onPress={() => command('pass-time')}>
          {demoTourText.passHour}
        </Button>
      )}
    </TourPanel>
  )
}
