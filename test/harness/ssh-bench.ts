import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { Result } from '../../src/core/base/result'
import type { HostKeyQuestion, SshFailure } from '../../src/core/terminal/host-key'
import type { SshEndpoint } from '../../src/core/pods/pod'
import { createSsh, type SshOptions } from '../../src/ssh/create-ssh'
import type { ShellEnd, SshAttendant, SshShell, SshTarget } from '../../src/ssh/connection/ssh-shell'
import { folder } from './open-ssh'
import { builtProgram } from './built-program'
import { type KeyPair, makeKey, type OpenSsh } from './openssh-server'

const unlockProgram = await builtProgram('src/ssh/keys/unlock-worker.ts')

/** A person who answers, and what they were asked. */
export class Person implements SshAttendant {
  readonly questions: HostKeyQuestion[] = []
  readonly passphrasesAsked: { keyName: string; isAgain: boolean }[] = []
  readonly steps: string[] = []
  trusts = true
  passphrases: (string | null)[] = []

  async askHostKey(question: HostKeyQuestion): Promise<boolean> {
    this.questions.push(question)
    return Promise.resolve(this.trusts)
  }

  async askPassphrase(keyName: string, isAgain: boolean): Promise<string | null> {
    this.passphrasesAsked.push({ keyName, isAgain })
    return Promise.resolve(this.passphrases.shift() ?? null)
  }

  onStep(step: string): void {
    this.steps.push(step)
  }
}

/** A computer of a person with a home folder, who has not connected anywhere yet. */
export function desk(options: Partial<SshOptions> = {}) {
  const home = folder('home')
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  const problems: string[] = []
  const person = new Person()
  const hostKeyFile = join(home, 'data/host-keys.json')
  const open = () =>
    createSsh({
      hostKeyFile,
      home,
      env: {},
      platform: process.platform,
      nowMs: () => 1_700_000_000_000,
      chosenKeyFile: () => null,
      unlockProgram,
      onProblem: (words) => problems.push(words),
      ...options,
    })
  const ssh = open()
  return {
    home,
    person,
    problems,
    hostKeyFile,
    ssh,
    /** As after a start of the app. */
    openAgain: open,
    key: (name = 'id_ed25519', type = 'ed25519', passphrase = '', more: readonly string[] = []): KeyPair =>
      makeKey(join(home, '.ssh', name), type, passphrase, more),
    connect: (target: SshTarget, signal = new AbortController().signal) =>
      ssh.openShell(target, { columns: 100, rows: 30 }, person, signal),
  }
}

export function endpointOf({ port, username }: Pick<OpenSsh, 'port' | 'username'>): SshEndpoint {
  return { host: '127.0.0.1', port, username }
}

export function target(direct: SshEndpoint | null, more: Partial<SshTarget> = {}): SshTarget {
  return { accountId: 'a', podId: 'p', startedAtMs: null, ssh: { direct, proxy: null }, ...more }
}

/** What a shell shows, and how it ended. */
export interface Screen {
  readonly shell: SshShell
  readonly text: () => string
  readonly bytes: () => Buffer
  readonly end: () => ShellEnd | null
  readonly type: (text: string) => void
}

export function screenOf(answer: Result<SshShell, SshFailure>): Screen {
  if (!answer.ok) throw new Error(`There is no shell: ${JSON.stringify(answer.error)}`)
  const shell = answer.value
  onTestFinished(() => shell.close())
  const parts: Buffer[] = []
  let end: ShellEnd | null = null
  shell.onData((bytes) => parts.push(Buffer.from(bytes)))
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
