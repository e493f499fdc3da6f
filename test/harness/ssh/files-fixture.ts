import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { ok } from '../../../src/core/base/result'
import type { AccountPods } from '../../../src/core/confirmation/confirmation-prompt'
import type { Question } from '../../../src/core/confirmation/question-queue'
import type { TransfersView } from '../../../src/core/files/files-view'
import { noBudgets } from '../../../src/core/money/money-view'
import type { Pod } from '../../../src/core/pods/pod'
import { createTerminalInputTracker } from '../../../src/core/terminal/terminal-input'
import { mergeSnapshots } from '../../../src/core/view/merge-snapshots'
import { emptySnapshot } from '../../../src/core/view/snapshot'
import { createFileHandlers } from '../../../src/main/files/file-handlers'
import { createLocalFolders } from '../../../src/main/files/local-folders'
import { createPodFolders } from '../../../src/main/files/pod-folders'
import { openPodFiles, type ReachPodOptions } from '../../../src/main/files/reach-pod'
import { createTransfers } from '../../../src/main/files/transfers'
import { createSystemClock } from '../../../src/node/clock'
import { SFTP_SUBSYSTEM } from './file-pod'
import { startOpenSshForTest, startRelay, tempFolder } from './openssh-for-test'
import { accountEntry } from '../samples/pod-views'
import { pod } from '../samples/pods'
import { createSshClient, toEndpoint } from './ssh-client'

const poll = <T>(look: () => T) => expect.poll(look, { timeout: 60_000, interval: 10 })
const MB = 1_000_000

/** The files of the app beside a real OpenSSH server, reached by a connection that can be cut. */
export async function filesBench({ isTrusted = true } = {}) {
  const client = createSshClient()
  const key = client.key()
  const server = await startOpenSshForTest({ authorized: [key.publicLine], config: [SFTP_SUBSYSTEM] })
  const relay = await startRelay(server.port)
  const folder = tempFolder('files')
  const [remote, local] = [join(folder, 'pod'), join(folder, 'local')]
  mkdirSync(remote)
  mkdirSync(local)
  const clock = createSystemClock()
  const input = createTerminalInputTracker(clock)
  const asked: string[] = []
  const questions: Question[] = []
  const answers = { agrees: true, chosen: null as string | null }
  const podAt = (more: Partial<Pod> = {}): Pod =>
    pod({
      id: 'p',
      name: 'llama',
      startedAtMs: 1_000,
      persistentMount: { sizeGb: 1, path: remote },
      ssh: { direct: { ...toEndpoint(server), port: relay.port }, proxy: null },
      ...more,
    })
  let pods: readonly Pod[] = [podAt()]
  let isConnected = true
  const reach: ReachPodOptions = {
    findPod: (podKey) => (isConnected ? (pods.find(({ id }) => podKey === `a/${id}`) ?? null) : null),
    promptsFor: (podName, onAsking) => ({
      async confirmHostKey() {
        asked.push(`host key of ${podName}`)
        onAsking(true)
        return Promise.resolve(isTrusted)
      },
      requestPassphrase: async () => Promise.resolve(null),
      onStep: () => onAsking(false),
    }),
    openFileSession: client.ssh.openFileSession,
  }
  const published: TransfersView[] = []
  const transfers = createTransfers({
    clock,
    open: (podKey, signal, onAsking) => openPodFiles(reach, podKey, signal, onAsking),
    accountPods: (accountId): AccountPods | null => (isConnected ? { accountId, pods } : null),
    input,
    publish: (view) => published.push(view),
    retryDelaysMs: [0, 20, 20, 20],
  })
  const podFolders = createPodFolders({ ...reach, clock })
  onTestFinished(() => {
    transfers.dispose()
    podFolders.closeAll()
  })
  const { fileHandlers, onDrop } = createFileHandlers({
    findPod: reach.findPod,
    transfers,
    podFolders,
    localFolders: createLocalFolders(),
    nameOf: () => null,
    async ask(question) {
      questions.push(question)
      return Promise.resolve(ok(answers.agrees ? '' : null))
    },
    chooseUploads: async () => Promise.resolve(answers.chosen === null ? null : [answers.chosen]),
    chooseDownloadFolder: async () => Promise.resolve(answers.chosen),
    chooseLocalFolder: async () => Promise.resolve(answers.chosen),
    terminal(terminalId) {
      if (terminalId === 'nowhere-known') return { podKey: 'a/p', folder: async () => Promise.resolve(null) }
      const isHere = terminalId === 'in-inner'
      if (!isHere && terminalId !== 'of-another-pod') return null
      const podKey = isHere ? 'a/p' : 'a/q'
      return { podKey, folder: async () => Promise.resolve(join(remote, 'inner')) }
    },
  })
  function show(seen: readonly Pod[] | null): void {
    isConnected = seen !== null
    pods = seen ?? []
    const snapshot = { ...emptySnapshot(0, []), listedAtMs: 1 }
    transfers.onSnapshot(mergeSnapshots([{ entry: accountEntry({ id: 'a' }), snapshot }], noBudgets, 0))
  }
  const dropOn = (terminalId: string | null, ...paths: readonly string[]) =>
    onDrop({ podKey: 'a/p', folder: null, terminalId, paths })
  const drop = (...paths: readonly string[]) => dropOn(null, ...paths)
  const [newest, kind] = [() => transfers.view().transfers[0], () => newest()?.state.kind]
  /** The transfer stands still in the middle; the next connection doesn't. */
  async function reachHeld(): Promise<void> {
    await poll(() => newest()?.progress?.bytesDone ?? 0).toBeGreaterThan(4 * MB)
    relay.holdAfter(Infinity)
  }
  async function openLocal(path = local): Promise<string> {
    answers.chosen = path
    const opened = await fileHandlers.openLocalFolder()
    if (!opened.ok || opened.value === null) throw new Error('not opened')
    return opened.value.id
  }
  const seen = { asked, questions, answers, published, input, newest, kind }
  return {
    remote,
    local,
    relay,
    transfers,
    podFolders,
    handlers: fileHandlers,
    drop,
    dropOn,
    reachHeld,
    show,
    podAt,
    openLocal,
    ...seen,
  }
}
