import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { expect, onTestFinished } from 'vitest'
import { ok } from '../../../src/core/base/result'
import type { AccountPods } from '../../../src/core/confirmation/confirmation-prompt'
import type { Pod } from '../../../src/core/pods/pod'
import type { PortsView } from '../../../src/core/ports/ports-view'
import { noBudgets } from '../../../src/core/money/money-view'
import { createTerminalInputTracker } from '../../../src/core/terminal/terminal-input'
import { mergeSnapshots } from '../../../src/core/view/merge-snapshots'
import { emptySnapshot } from '../../../src/core/view/snapshot'
import { createPorts } from '../../../src/main/ports/ports'
import { createSystemClock } from '../../../src/node/clock'
import { openForwardsFile } from '../../../src/node/data-folder/forwards-file'
import { dataFolder, startOpenSshForTest, startRelay } from './openssh-for-test'
import { accountEntry } from '../samples/pod-views'
import { pod } from '../samples/pods'
import { createSshClient, toEndpoint } from './ssh-client'
import { freePort } from '../base/free-port'

/** Waits for what real servers and connections do. */
export const poll = <T>(read: () => T) => expect.poll(read, { timeout: 60_000 })

export const answering = (text: string): HttpServer =>
  createHttpServer((_, response) => response.setHeader('connection', 'close').end(text))

export const textOf = async (port: number | null | undefined): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}/`)).text()

/** The ports of a pod behind a real OpenSSH server, by a connection that can be cut. */
export async function createPortsFixture({ passphrase = '' } = {}) {
  const client = createSshClient()
  const key = client.key('id_ed25519', 'ed25519', passphrase)
  const server = await startOpenSshForTest({ authorized: [key.publicLine] })
  const relay = await startRelay(server.port)
  const folder = dataFolder('ports')
  const clock = createSystemClock()
  const input = createTerminalInputTracker(clock)
  const opened: string[] = []
  const asked: string[] = []
  const askedPorts: string[] = []
  const answers = {
    isTrusted: true as boolean,
    mayTakePort: true as boolean,
    passphrase: passphrase as string | null,
  }
  let pods: readonly Pod[] = []
  let isConnected = true
  const published: PortsView[] = []
  const open = () => {
    const ports = createPorts({
      clock,
      ssh: client.ssh,
      promptsFor: (podName, onAsking) => ({
        async confirmHostKey() {
          asked.push(`host key of ${podName}`)
          onAsking(true)
          return Promise.resolve(answers.isTrusted)
        },
        async requestPassphrase() {
          asked.push('passphrase')
          return Promise.resolve(answers.passphrase)
        },
        onStep: () => onAsking(false),
      }),
      accountPods: (accountId): AccountPods | null =>
        isConnected && accountId === 'a' ? { accountId, pods } : null,
      mayTakePort: async (of, _podKey, { localPort }) => {
        askedPorts.push(`port ${localPort} for ${of.name}`)
        return Promise.resolve(ok(answers.mayTakePort))
      },
      saved: openForwardsFile(folder),
      isSaved: () => true,
      canHaveOwnAddress: true,
      input,
      publish: (view) => published.push(view),
      openInBrowser: async (address) => Promise.resolve(void opened.push(address)),
      retryDelaysMs: [20],
    })
    onTestFinished(() => ports.dispose())
    return ports
  }
  const ports = open()
  const podAt = (port: number, more: Partial<Pod> = {}): Pod =>
    pod({
      id: 'p',
      name: 'llama',
      startedAtMs: 1_000,
      ssh: { direct: { ...toEndpoint(server), port }, proxy: null },
      ...more,
    })
  /** The list of the account contains these pods now; null: the account is gone. */
  function show(seen: readonly Pod[] | null): void {
    isConnected = seen !== null
    pods = seen ?? []
    const snapshot = { ...emptySnapshot(0, []), listedAtMs: 1 }
    ports.onSnapshot(mergeSnapshots([{ entry: accountEntry({ id: 'a' }), snapshot }], noBudgets, 0))
  }
  show([podAt(relay.port)])
  const view = (from = ports) => from.view().pods.find(({ podKey }) => podKey === 'a/p')
  const forward = (remotePort: number) => view()?.forwards.find((one) => one.remotePort === remotePort)
  /** Starts a forward to a free port, and waits until it is open there. */
  async function start(remotePort: number): Promise<number> {
    const localPort = await freePort()
    expect(await ports.start('a/p', { remotePort, localPort })).toEqual({ ok: true, value: true })
    await poll(() => forward(remotePort)?.openPort).toBe(localPort)
    return localPort
  }
  const seen = { asked, askedPorts, answers, opened, input, published }
  return { client, server, relay, folder, ports, open, podAt, show, view, forward, start, ...seen }
}
