import './terminal-dock.css'
import { podCommands, runPodCommand } from '../pod-model/commands/pod-commands'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { isSetUp } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { AccountLabel } from '../ui/labels/account-label'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { LazyTerminalArea } from './lazy-terminal-area'
import './own-windows.css'
import { ownWindowsText } from './state/own-windows-text'
import { tabName } from './state/terminal-tabs'
import { useTerminalsState } from './state/terminals-store'
import { terminalsText } from './terminals-text'

/** Maximum number of pods offered here; all are on the pods page. */
const MAX_OFFERED = 12

/** The terminals page, with more room than the dock. */
export function TerminalsPage() {
  const count = useTerminalsState((state) => state.terminals?.length ?? null)
  const hasOwnWindows = useTerminalsState(({ inOwnWindows }) => inOwnWindows.length > 0)
  return (
    <section className="page terminals-page" aria-label={terminalsText.title}>
      <header className="page-head">
        <h1>{terminalsText.title}</h1>
      </header>
      {hasOwnWindows && <OwnWindows />}
      {count === 0 && <NoTerminals />}
      {count !== null && count > 0 && (
        <div className="term-dock">
          <LazyTerminalArea place="page" />
        </div>
      )}
    </section>
  )
}

/** Offers to open a terminal on a pod. */
function NoTerminals() {
  const services = useWindow()
  const runOnce = useSingleFlight()
  const pods = useSnapshotStore(({ snapshot }) => snapshot?.pods)
  const isConnected = useSnapshotStore(({ snapshot }) => isSetUp(snapshot))
  const ready = (pods ?? []).filter((pod) => podCommands(pod).some(({ kind }) => kind === 'terminal'))
  const creatingCount = (pods ?? []).filter(({ phase }) => phase === 'creating').length
  if (!isConnected || ready.length === 0)
    return (
      <BlankSlate icon="terminal" title={isConnected ? terminalsText.noPod : terminalsText.noAccount}>
        {!isConnected
          ? terminalsText.connectFirst
          : creatingCount > 0
            ? terminalsText.podCreating
            : terminalsText.needsRunningPod}
      </BlankSlate>
    )
  return (
    <BlankSlate
      icon="terminal"
      title={terminalsText.noneOpen}
      actions={ready.slice(0, MAX_OFFERED).map((pod) => (
        <Button
          key={pod.key}
          icon="terminal"
          label={terminalsText.terminalOn(pod.name)}
          onPress={() => runOnce(() => runPodCommand(services, pod, { kind: 'terminal' }))}
        >
          <bdi className="offered-name">{pod.name}</bdi>
          <AccountLabel accountId={pod.accountId} />
        </Button>
      ))}
    >
      {terminalsText.choosePod}
    </BlankSlate>
  )
}

/** Leads to the terminals that are in windows of their own. */
function OwnWindows() {
  const { bridge, snapshotStore } = useWindow()
  const leads = useTerminalsState((state) => state.inOwnWindows)
  return (
    <div className="own-windows" role="group" aria-label={ownWindowsText.inOwnWindows}>
      <span className="cap" aria-hidden="true">
        {ownWindowsText.inOwnWindows}
      </span>
      {leads.map((lead) => {
        const name = tabName(lead, leads)
        return (
          <Button
            key={lead.id}
            icon="window"
            label={ownWindowsText.show(name)}
            onPress={() =>
              void snapshotStore.runRequest(ownWindowsText.couldNotShow, bridge.showTerminalWindow(lead.id))
            }
          >
            <bdi className="offered-name">{name}</bdi>
          </Button>
        )
      })}
    </div>
  )
}
