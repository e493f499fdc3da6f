import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { Result } from '../../../src/core/base/result'
import type { HostKeyQuestion, NotAsked, SshFailure } from '../../../src/core/terminal/host-key'
import type { SshEndpoint } from '../../../src/core/pods/pod'
import { createSsh, type SshOptions } from '../../../src/ssh/create-ssh'
import type { ConnectPrompts, ShellEnd, SshShell, SshTarget } from '../../../src/ssh/connection/ssh-shell'
import { dataFolder, tempFolder } from './openssh-for-test'
import { buildProgram } from '../setup/build-program'
import { generateKeyPair, type KeyPair, type OpenSshServer } from './openssh-server'

const unlockWorkerPath = await buildProgram('src/ssh/keys/unlock-worker.ts')

/** Answers prompts like a user and records them. */
export class FakePrompts implements ConnectPrompts {
  readonly questions: HostKeyQuestion[] = []
  readonly passphraseRequests: { keyName: string; isAgain: boolean }[] = []
  readonly steps: string[] = []
  acceptsHostKeys = true
  passphrases: (string | null)[] = []

  async confirmHostKey(question: HostKeyQuestion): Promise<boolean | NotAsked> {
    this.questions.push(question)
    return Promise.resolve(this.acceptsHostKeys)
  }

  async requestPassphrase(keyName: string, isAgain: boolean): Promise<string | null | NotAsked> {
    this.passphraseRequests.push({ keyName, isAgain })
    return Promise.resolve(this.passphrases.shift() ?? null)
  }

  onStep(step: string): void {
    this.steps.push(step)
  }
}

/** A new SSH client with its own home folder and without known hosts. */
export function createSshClient(options: Partial<SshOptions> = {}) {
  const home = tempFolder('home')
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  const problems: string[] = []
  const person = new FakePrompts()
  const hostKeyFile = join(dataFolder('data'), 'host-keys.json')
  const open = () =>
    createSsh({
      hostKeyFile,
      home,
      env: {},
      platform: process.platform,
      nowMs: () => 1_700_000_000_000,
      isKnownProxy: ({ host, username }) => host === '127.0.0.1' && username !== 'nobody',
      chosenKeyFile: () => null,
      unlockWorkerPath,
      onProblem: (words) => problems.push(words),
      ...options,
    })
  const ssh = open()
  return {
    home,
    person,
    problems,
    hostKeyFile,
    unlockWorkerPath,
    ssh,
    /** Like after a restart of the app. */
    reopen: open,
    key: (
      name = 'id_ed25519',
      type = 'ed25519',
      passphrase = '',
      overrides: readonly string[] = [],
    ): KeyPair => generateKeyPair(join(home, '.ssh', name), type, passphrase, overrides),
    connect: (target: SshTarget, signal = new AbortController().signal) =>
      ssh.openShell(target, { columns: 100, rows: 30 }, person, signal),
  }
}

export function toEndpoint({ port, username }: Pick<OpenSshServer, 'port' | 'username'>): SshEndpoint {
  return { host: '127.0.0.1', port, username }
}

export function target(direct: SshEndpoint | null, overrides: Partial<SshTarget> = {}): SshTarget {
  return { accountId: 'a', podId: 'p', startedAtMs: null, ssh: { direct, proxy: null }, ...overrides }
}

/** The output of a shell, and how it ended. */
export interface CapturedShell {
  readonly shell: SshShell
  readonly text: () => string
  readonly bytes: () => Buffer
  readonly end: () => ShellEnd | null
  readonly type: (text: string) => void
}

export function captureShell(
  answer: Result<SshShell, SshFailure>,
  onPiece = (_shell: SshShell): void => {},
): CapturedShell {
  if (!answer.ok) throw new Error(`There is no shell: ${JSON.stringify(answer.error)}`)
  const shell = answer.value
  onTestFinished(() => shell.close())
  const parts: Buffer[] = []
  let end: ShellEnd | null = null
  shell.onData((bytes) => {
    parts.push(Buffer.from(bytes))
    onPiece(shell)
  })
  shell.onEnd((how) => {
    expect(end).toBeNull()
    end = how
  })
  return {
    shell,
    bytes: () => Buffer.concat(parts),
    text: () => Buffer.concat(parts).toString(),
    end: () => end,
    type: (text) => shell.write(Buffer.from(text)),
  }
}
