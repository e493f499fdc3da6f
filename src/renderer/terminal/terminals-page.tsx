import './terminal-dock.css'
import { podCommands, runPodCommand } from '../pod-model/pod-commands'
import { useAsk } from '../state/use-request'
import { useMirror, useWindow } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { LazyDeck } from './lazy-terminal-area'
import { useTerminalsState } from './state/terminals-store'

/** So many pods are offered; the others are on their page. */
const MOST_OFFERED = 12

/** The terminals, with all the room there is. */
export function TerminalsPage() {
  const count = useTerminalsState((state) => state.terminals?.length ?? null)
  return (
    <section className="page terminals-page" aria-label="Terminals">
      <header className="page-head">
        <h1>Terminals</h1>
      </header>
      {count === 0 && <NoTerminals />}
      {count !== null && count > 0 && (
        <div className="term-dock">
          <LazyDeck place="page" />
        </div>
      )}
    </section>
  )
}

/** Which pods can have one. */
function NoTerminals() {
  const parts = useWindow()
  const ask = useAsk()
  const pods = useMirror(({ snapshot }) => snapshot?.pods)
  const hasAccount = useMirror(({ snapshot }) => snapshot !== null && snapshot.account !== null)
  const ready = (pods ?? []).filter((pod) => podCommands(pod).some(({ kind }) => kind === 'terminal'))
  const soon = (pods ?? []).filter(({ phase }) => phase === 'creating').length
  if (!hasAccount || ready.length === 0)
    return (
      <BlankSlate icon="terminal" title={hasAccount ? 'No pod can have a terminal now' : 'No account yet'}>
        {!hasAccount
          ? 'Connect to Runpod on the page Pods: each running pod can have terminals then.'
          : soon > 0
            ? 'A pod is being created: it can have one once it runs.'
            : 'A pod has to run, and to publish a way in by SSH. Start one on the page Pods.'}
      </BlankSlate>
    )
  return (
    <BlankSlate
      icon="terminal"
      title="No terminal is open"
      actions={ready.slice(0, MOST_OFFERED).map((pod) => (
        <Button
          key={pod.id}
          icon="terminal"
          label={`Terminal on ${pod.name}`}
          onPress={() => ask(() => runPodCommand(parts, pod, { kind: 'terminal' }))}
        >
          <bdi className="offered-name">{pod.name}</bdi>
        </Button>
      ))}
    >
      Choose a pod for a shell on it. Podkeeper finds the way, the key, and connects again by itself.
    </BlankSlate>
  )
}
