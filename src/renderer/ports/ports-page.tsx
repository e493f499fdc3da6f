import './ports.css'
import type { PodPortsView } from '../../core/ports/ports-view'
import type { PodView } from '../../core/view/snapshot'
import { isSetUp } from '../state/account-parts'
import { useFocusInPage } from '../state/hooks/use-focus-in-page'
import { useSnapshotStore } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { pageTitles } from '../ui/ui-text'
import { useRef } from 'react'
import { PodPorts } from './pod-ports'
import { portsPageText } from './ports-text'
import { usePorts } from './use-ports'

/** The ports of running pods, and of others whose forwards are saved. */
export function PortsPage() {
  const heading = useRef<HTMLHeadingElement>(null)
  const keepFocus = useFocusInPage(() => heading.current)
  const isConnected = useSnapshotStore(({ snapshot }) => isSetUp(snapshot))
  const pods = useSnapshotStore(({ snapshot }) => snapshot?.pods)
  const known = usePorts()
  const shown = (pods ?? [])
    .map((pod) => ({ pod, view: known?.pods.get(pod.key) ?? nothingKnown(pod) }))
    .filter(({ pod, view }) => pod.phase === 'running' || view.forwards.length > 0)
    .sort((one, other) => rank(one) - rank(other) || one.pod.name.localeCompare(other.pod.name))
  return (
    <section className="page ports-page" aria-label={pageTitles.ports} {...keepFocus}>
      <header className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {pageTitles.ports}
        </h1>
        {shown.length > 0 && <span className="cap">{portsPageText.listeners}</span>}
      </header>
      {shown.length === 0 ? (
        <BlankSlate icon="plug" title={isConnected ? portsPageText.noPod : portsPageText.noAccount}>
          {isConnected ? portsPageText.needsRunningPod : portsPageText.connectFirst}
        </BlankSlate>
      ) : (
        known !== null &&
        shown.map((one) => (
          <PodPorts key={one.pod.key} {...one} canHaveOwnAddress={known.canHaveOwnAddress} />
        ))
      )}
    </section>
  )
}

/** Pods whose ports can be forwarded come first, and those that don't run last. */
const rank = ({ pod }: { readonly pod: PodView }): number =>
  pod.phase !== 'running' ? 2 : pod.sshRoute === 'direct' ? 0 : 1

const nothingKnown = ({ key }: PodView): PodPortsView => ({
  podKey: key,
  connection: null,
  endedReason: null,
  forwards: [],
  listening: null,
  isLookingUp: false,
})
