import { expect, onTestFinished } from 'vitest'
import type { TerminalLogEvent } from '../../../src/core/alerts/terminal-alerts'
import type { AccountPods } from '../../../src/core/confirmation/confirmation-prompt'
import { ok } from '../../../src/core/base/result'
import { noBudgets } from '../../../src/core/money/money-view'
import type { Pod, PodKey } from '../../../src/core/pods/pod'
import { noRememberedTabs, type RememberedTabs } from '../../../src/core/terminal/remembered-tabs'
import type { TerminalOutput, TerminalsView } from '../../../src/core/terminal/terminal'
import { createTerminalInputTracker } from '../../../src/core/terminal/terminal-input'
import { mergeSnapshots } from '../../../src/core/view/merge-snapshots'
import { emptySnapshot, type Snapshot } from '../../../src/core/view/snapshot'
import type { TabStore } from '../../../src/main/terminals/sessions/tab-records'
import { createTerminals } from '../../../src/main/terminals/terminals'
import { createSystemClock } from '../../../src/node/clock'
import { endSessions } from '../../../src/ssh/sessions/end-session'
import type { KeyPair, OpenSshServer } from '../ssh/openssh-server'
import { accountEntry } from '../samples/pod-views'
import { pod } from '../samples/pods'
import { createSshClient, toEndpoint } from '../ssh/ssh-client'
import { createTestEmulator } from './terminal-process'

/** Shells start slowly on a busy computer. */
const poll = <T>(look: () => T) => expect.poll(look, { timeout: 60_000 })

/** What is kept for the next run, in memory. */
export function memoryStore(
  kept: RememberedTabs = noRememberedTabs,
): TabStore & { readonly kept: () => RememberedTabs } {
  let last = kept
  return { load: () => last, save: (tabs) => void (last = tabs), kept: () => last }
}

export interface BenchOptions {
  /** Of an earlier run. */
  readonly here?: ReturnType<typeof createSshClient>
  readonly key?: KeyPair
  readonly tabStore?: TabStore
  readonly keepsSessions?: boolean
}

/** The terminals of a user with a key, connected to real OpenSSH servers. */
export function terminalsBench({ tabStore, here = createSshClient(), ...options }: BenchOptions = {}) {
  const key = options.key ?? here.key()
  const published: TerminalsView[] = []
  const sent: TerminalOutput[] = []
  /** The windows that output was sent to; null: the main window. */
  const sentTo = new Set<string | null>()
  const news: (TerminalLogEvent & { readonly accountId: string })[] = []
  /** The connected accounts with their pods. */
  let accounts: readonly AccountPods[] = [{ accountId: 'a', pods: [] }]
  /** The window that a person looks at; null: the main window; undefined: none. */
  let focused: string | null | undefined
  const look = (has: boolean, windowId: string | null = null): void => {
    focused = has ? windowId : undefined
    if (has) terminals.onFocus()
  }
  const input = createTerminalInputTracker(createSystemClock())
  const copies: Record<'asked' | 'written', string[]> = { asked: [], written: [] }
  const hostKeyAnswers: ((isTrusted: boolean) => void)[] = []
  const answerHostKey = (isTrusted: boolean): void => hostKeyAnswers.shift()?.(isTrusted)
  const terminals = createTerminals({
    clock: createSystemClock(),
    random: () => 0,
    scrollbackLines: () => 1_000,
    createEmulator: createTestEmulator,
    openShell: here.ssh.openShell,
    keepsSessions: () => options.keepsSessions ?? false,
    tabStore: tabStore ?? memoryStore(),
    endSession: (to, name) => endSessions(here.ssh.runCommand, to, [name]),
    askHostKey: () => new Promise((resolve) => hostKeyAnswers.push(resolve)),
    askPassphrase: () => Promise.resolve(null),
    accountPods: (accountId) => accounts.find((one) => one.accountId === accountId) ?? null,
    onTerminalEvent: (accountId, _podId, _podName, one) => news.push({ ...one, accountId }),
    input,
    isWindowFocused: (windowId) => windowId === focused,
    copies: {
      isEnabled: () => true,
      ask: (_terminal, text) => Promise.resolve(ok(copies.asked.push(text) > 0)),
      write: (text) => void copies.written.push(text),
    },
    publish: (view) => published.push(view),
    send(output, windowId) {
      sent.push(output)
      sentTo.add(windowId)
      terminals.ack(output.attachment, output.bytes.length)
    },
  })
  onTestFinished(() => terminals.dispose())
  const podAt = (server: Pick<OpenSshServer, 'port' | 'username'>, more: Partial<Pod> = {}): Pod =>
    pod({ id: 'p', name: 'llama', ssh: { direct: toEndpoint(server), proxy: null }, ...more })
  /** These accounts are connected now, and in this state. */
  function showAccounts(seen: readonly AccountPods[], over: Partial<Snapshot> = {}): void {
    accounts = seen
    const snapshot = { ...emptySnapshot(0, []), ...over }
    const accountSnapshots = seen.map(({ accountId: id }) => ({ entry: accountEntry({ id }), snapshot }))
    terminals.onSnapshot(mergeSnapshots(accountSnapshots, noBudgets, 0))
  }
  /** The only account's list contains these pods now. */
  const show = (pods: readonly Pod[], accountId = 'a'): void =>
    showAccounts([{ accountId, pods }], { listedAtMs: 1, connection: { kind: 'live' } })
  const view = (id: string) => terminals.view().terminals.find((one) => one.id === id)!
  const stateOf = (id: string) => view(id).state.kind
  const session = (id: string) => {
    const found = terminals.session(id)
    if (!found.ok) throw new Error(found.error)
    return found.value
  }
  const textSent = (): string => Buffer.concat(sent.map(({ bytes }) => bytes)).toString()
  async function open(podKey: PodKey = 'a/p'): Promise<string> {
    const opened = terminals.open(podKey)
    if (!opened.ok) throw new Error(opened.error)
    return opened.value
  }
  async function trust(id: string): Promise<void> {
    await poll(() => stateOf(id)).toBe('asking')
    answerHostKey(true)
  }
  async function openTrusted(podKey?: PodKey): Promise<string> {
    const id = await open(podKey)
    await trust(id)
    await poll(() => stateOf(id)).toBe('open')
    return id
  }
  /** The server's end of the connection is killed. */
  const breakOff = (id: string) => session(id).type('kill -9 $PPID\r', 'text')
  const tools = { look, breakOff, view, stateOf, session, textSent, open, trust, openTrusted, show, podAt }
  return {
    ...tools,
    answerHostKey,
    here,
    key,
    terminals,
    published,
    sent,
    sentTo,
    news,
    input,
    showAccounts,
    copies,
  }
}
