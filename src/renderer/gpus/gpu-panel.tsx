import './gpus.css'
import { useRef } from 'react'
import type { PodView } from '../../core/view/snapshot'
import { useTerminalsState } from '../terminal/state/terminals-store'
import { Button } from '../ui/button'
import { ClockText } from '../ui/labels/clock-text'
import { commonText } from '../ui/common-text'
import { GpuTables } from './gpu-tables'
import { gpuPanelText } from './gpus-text'
import { useLiveGpus } from './use-live-gpus'

/** Whether it has GPUs and can be reached. */
export const canShowGpus = ({ gpuCount, sshRoute }: PodView): boolean => gpuCount > 0 && sshRoute !== null

interface GpuPanelProps {
  readonly pod: PodView
  /** Called instead of keeping the panel without figures. */
  readonly onHide?: () => void
}

/** The GPUs of a pod and what runs on them, live. Nothing where they can't be shown. */
export function GpuPanel(props: GpuPanelProps) {
  return canShowGpus(props.pod) ? <ShownPanel {...props} /> : null
}

function ShownPanel({ pod, onHide }: GpuPanelProps) {
  const place = useRef<HTMLElement>(null)
  const hasTerminal = useTerminalsState(({ terminals }) =>
    (terminals ?? []).some(({ podKey, state }) => podKey === pod.key && state.kind === 'open'),
  )
  const isDirect = pod.sshRoute === 'direct'
  const { state, start, stop } = useLiveGpus(pod.key, place, hasTerminal && isDirect)
  return (
    <section className="panel live-gpus" aria-label={gpuPanelText.title} ref={place}>
      <header>
        <h2>{gpuPanelText.title}</h2>
        {state.kind === 'shown' && (
          <span className="cap">
            <ClockText textAt={() => gpuPanelText.updated(Date.now() - state.atMs)} />
          </span>
        )}
        <span className="end">
          {state.kind === 'off' ? (
            isDirect && (
              <Button label={gpuPanelText.showOf(pod.name)} onPress={start}>
                {gpuPanelText.show}
              </Button>
            )
          ) : (
            <>
              {state.kind === 'failed' && <Button onPress={start}>{commonText.tryAgain}</Button>}
              <Button label={gpuPanelText.hideOf(pod.name)} onPress={onHide ?? stop}>
                {gpuPanelText.hide}
              </Button>
            </>
          )}
        </span>
      </header>
      {state.kind === 'off' && (
        <p className="cap">{isDirect ? gpuPanelText.why : gpuPanelText.needsDirect}</p>
      )}
      <p role="status" className={state.kind === 'failed' ? 'failure' : 'cap'}>
        {state.kind === 'connecting' && gpuPanelText.connecting}
        {state.kind === 'failed' && state.message}
      </p>
      {state.kind === 'shown' && <GpuTables reading={state.reading} />}
    </section>
  )
}
