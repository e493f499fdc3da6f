import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { builtOnce } from '../setup/built-once'
import { type EndsWith, startOpenSshForTest, tempFolder } from './openssh-for-test'
import type { OpenSshServer, OpenSshServerOptions } from './openssh-server'

/** Whether there is a tmux here; without one there is nothing to test against. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0

/** For sshd: nothing but the shell of a terminal, as Runpod's proxy offers it. */
export const SHELL_ONLY = `ForceCommand if [ -n "$SSH_ORIGINAL_COMMAND" ] || ! [ -t 0 ]; then exit 1; fi; exec bash -i`

export interface TmuxPod {
  readonly server: OpenSshServer
  readonly home: string
  /** Runs Podkeeper's tmux of this pod. The output, trimmed; "" if it failed. */
  readonly tmux: (...args: string[]) => string
  /** The names of the sessions. */
  readonly sessions: () => readonly string[]
  /** As after a restart of the pod: all of its processes end. */
  readonly endAll: () => void
}

/**
 * A real OpenSSH server as a pod with tmux, whose sessions and shell are apart from those of this computer.
 * `tmuxOfPod`: whether the pod has one, or a script in its place.
 */
export async function startTmuxPod(
  options: Pick<OpenSshServerOptions, 'authorized'> & Partial<OpenSshServerOptions>,
  tmuxOfPod: boolean | string = true,
  endsWith: EndsWith = onTestFinished,
): Promise<TmuxPod> {
  const home = tempFolder('pod', endsWith)
  const sockets = join(home, 'sockets')
  mkdirSync(sockets, { mode: 0o700 })
  for (const name of ['.bash_profile', '.bashrc']) writeFileSync(join(home, name), "PS1='ready$ '\n")
  const bin = join(home, 'bin')
  mkdirSync(bin)
  if (typeof tmuxOfPod === 'string')
    writeFileSync(join(bin, 'tmux'), `#!/bin/sh\n${tmuxOfPod}\n`, { mode: 0o755 })
  const path =
    tmuxOfPod === true ? process.env['PATH'] : `${bin}:${await builtOnce('path-without-tmux', linkPrograms)}`
  const env = `SetEnv HOME=${home} TMUX_TMPDIR=${sockets} SHELL=/bin/bash PATH=${path}`
  const server = await startOpenSshForTest({ ...options, config: [env, ...(options.config ?? [])] }, endsWith)
  const tmux = (...args: string[]): string => {
    const ran = spawnSync('tmux', ['-L', 'podkeeper', ...args], {
      env: { ...process.env, TMUX_TMPDIR: sockets, TMUX: '' },
      encoding: 'utf8',
    })
    return ran.status === 0 ? ran.stdout.trim() : ''
  }
  const endAll = (): void => {
    const pid = Number(tmux('display-message', '-p', '#{pid}'))
    tmux('kill-server')
    // The end of a server takes a moment, in which it accepts a client that it then leaves without a session.
    if (pid > 0) spawnSync('timeout', ['30', 'tail', `--pid=${pid}`, '-s', '0.01', '-f', '/dev/null'])
  }
  endsWith(endAll)
  return {
    server,
    home,
    tmux,
    sessions: () => tmux('list-sessions', '-F', '#{session_name}').split('\n').filter(Boolean),
    endAll,
  }
}

/** Fills a folder with every program of this computer except tmux. */
async function linkPrograms(folder: string): Promise<void> {
  await mkdir(folder)
  const names = new Map<string, string>()
  for (const from of ['/usr/sbin', '/usr/bin', '/bin'])
    for (const name of await readdir(from)) names.set(name, join(from, name))
  names.delete('tmux')
  for (const [name, program] of names) await symlink(program, join(folder, name))
}
