import { useMemo, useState } from 'react'
import { Checkbox, Input, TextField } from 'react-aria-components'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import type { PodView } from '../../core/view/snapshot'
import { filterPods, usualView } from '../state/pod-filter'
import { podState } from '../pod-model/pod-text'
import { useMirror, useWindow } from '../state/window-context'
import { Icon } from '../ui/icon'
import { isTicked, losesAll, tickablePods } from './ticked-pods'

/** From so many on, one searches for a pod rather than look for it. */
const MANY_PODS = 8
/** So many are listed at once. */
const MOST_SHOWN = 100

interface PodTicksProps {
  /** What holds, or is about to. */
  readonly mode: AutoStopMode
}

/** The pods by name, and for each whether it may be stopped automatically. A tick holds at once. */
export function PodTicks({ mode }: PodTicksProps) {
  const pods = useMirror(({ snapshot }) => snapshot?.pods)
  const [search, setSearch] = useState('')
  const all = useMemo(() => tickablePods(pods ?? []), [pods])
  const found = filterPods(all, { ...usualView, search })
  const shown = found.slice(0, MOST_SHOWN)
  const count = all.filter((pod) => isTicked(pod, mode)).length
  return (
    <div className="pod-ticks" role="group" aria-label="Pods that may be stopped automatically">
      <p className="cap" role="status">
        {countWords(count, all.length)}
      </p>
      {all.length > MANY_PODS && (
        <TextField className="search" aria-label="Search these pods" value={search} onChange={setSearch}>
          <Icon name="search" size={15} />
          <Input className="search-input" placeholder="Name, id, GPU, place" maxLength={200} />
        </TextField>
      )}
      <ul>
        {shown.map((pod) => (
          <li key={pod.id}>
            <PodTick pod={pod} mode={mode} />
          </li>
        ))}
      </ul>
      {found.length > shown.length && (
        <p className="cap">{found.length - shown.length} more: search to find one.</p>
      )}
      {found.length === 0 && all.length > 0 && <p className="cap">No pod matches.</p>}
    </div>
  )
}

function PodTick({ pod, mode }: { readonly pod: PodView; readonly mode: AutoStopMode }) {
  const { bridge, mirror } = useWindow()
  const isOn = isTicked(pod, mode)
  const change = (isAutoStopped: boolean) =>
    void mirror.report(
      `${pod.name} was not ${isAutoStopped ? 'ticked' : 'unticked'}`,
      bridge.changePodRules(pod.id, { isAutoStopped }),
    )
  return (
    <Checkbox className="tick" isSelected={isOn} onChange={change}>
      <span className="box">
        <Icon name="check" size={12} />
      </span>
      <bdi title={pod.name}>{pod.name}</bdi>
      <span className="cap">
        {podState(pod).word}
        {isOn && losesAll(pod) && ' · no volume, so it is not stopped unless its rules allow to lose data'}
      </span>
    </Checkbox>
  )
}

function countWords(count: number, of: number): string {
  if (of === 0) return 'There is no pod at the moment.'
  if (count === 0) return 'No pod is stopped automatically.'
  return `${count} of ${of === 1 ? '1 pod' : `${of} pods`} may be stopped automatically.`
}
