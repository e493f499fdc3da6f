import type { PodView } from '../../../core/view/snapshot'
import { unrecognizedText } from '../../../core/unrecognized-pods/unrecognized-text'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ClockText } from '../../ui/labels/clock-text'
import { CardLine } from './card-line'
import { cardText } from './card-text'

/** Nothing here created the pod, until a person says that it is theirs. */
export function UnrecognizedLine({ pod }: { readonly pod: PodView }) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const { unrecognized } = pod
  if (unrecognized === undefined) return null
  return (
    <CardLine
      icon="bell"
      action={
        <Button
          label={cardText.thisWasMe(pod.name)}
          onPress={() =>
            runOnce(() => snapshotStore.runRequest(cardText.notRecognized, bridge.recognizePod(pod.key)))
          }
        >
          {cardText.wasMe}
        </Button>
      }
    >
      <b>
        <ClockText textAt={(nowMs) => `${unrecognizedText(unrecognized, nowMs)}.`} />
      </b>
    </CardLine>
  )
}
