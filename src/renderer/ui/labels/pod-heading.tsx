import './pod-heading.css'
import { Button } from 'react-aria-components'
import type { PodView } from '../../../core/view/snapshot'
import { useWindow } from '../../state/window-context'
import { uiText } from '../ui-text'

/** The name of a pod in a heading of another page, which leads to its own page. */
export function PodHeading({ pod }: { readonly pod: Pick<PodView, 'key' | 'name'> }) {
  const { snapshotStore } = useWindow()
  return (
    <Button
      className="pod-heading"
      aria-label={uiText.openPod(pod.name)}
      onPress={() => snapshotStore.showPage('pod', pod.key)}
    >
      <bdi>{pod.name}</bdi>
    </Button>
  )
}
