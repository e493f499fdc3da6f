import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import { canBeNamed, hostsText, knownHostsText, type NamedSshHost } from '../../core/editors/ssh-hosts'
import type { AccountId, SshEndpoint } from '../../core/pods/pod'
import { withFileLock } from '../../node/data-folder/files/file-lock'
import { fileStamp } from '../../node/data-folder/files/file-stamp'
import { makeFolder } from '../../node/data-folder/files/private-folder'
import { replaceFile } from '../../node/data-folder/files/replace-file'
import { findInclude, type IncludeState, withInclude, withoutInclude } from '../config/include-line'
import type { DescribedHost } from './describe-host'
import { hostFilesText } from './host-files-text'
import { readUserConfig, writeUserConfig } from './user-config'

/** A pod, with what OpenSSH needs to reach it. */
export interface HostToWrite extends DescribedHost {
  readonly alias: string
  readonly endpoint: SshEndpoint | null
}

/**
 * The files in `~/.ssh/podkeeper.d` from which OpenSSH knows pods, and the line in the person's `~/.ssh/config` that
 * includes them. Each account of each data folder has files of its own, so that no two programs take each other's
 * hosts away. Errors are sentences.
 */
export interface HostFiles {
  /** The line, and the file where it goes. */
  readonly line: string
  readonly configPath: string
  /** That file, and where it is if it is a link elsewhere. */
  shownPath(): string
  /** Null: the file can't be read. */
  state(): IncludeState | null
  /** Adds the line unless it applies already. Nothing else in the file changes. */
  include(): Result<void, string>
  /** Removes the line, and all files of ours. */
  exclude(): Result<void, string>
  /** Replaces the hosts of an account. */
  write(accountId: AccountId, hosts: readonly HostToWrite[]): Result<void, string>
  /** The same texts for display; writes nothing. */
  preview(accountId: AccountId, hosts: readonly HostToWrite[]): string
  /** Changes whenever the person's config or the files of the account do. */
  stamp(accountId: AccountId): string
  /** Removes the hosts of this data folder's other accounts. */
  keepOnly(accountIds: readonly AccountId[]): void
}

const OWN_FILE = /^[0-9a-f]{10}-[0-9a-f]{10}\.(?:config|known_hosts)$|^[0-9a-f]{20}\.pub$/

const hash = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length)

/** `home`: the person's home folder. */
export function createHostFiles(home: string, dataFolder: string): HostFiles {
  const folder = join(home, '.ssh/podkeeper.d')
  const lock = join(folder, 'lock')
  const included = join(folder, '*.config')
  const configPath = join(home, '.ssh/config')
  const ownPrefix = hash(resolve(dataFolder), 10)
  const line = includeLine(home, included)
  const pathOf = (accountId: AccountId, ending: 'config' | 'known_hosts'): string =>
    join(folder, `${ownPrefix}-${hash(accountId, 10)}.${ending}`)
  const publicKeyPath = (publicKey: string): string => join(folder, `${hash(publicKey, 20)}.pub`)

  function changing(run: () => Result<void, string>): Result<void, string> {
    try {
      makeFolder(join(home, '.ssh'))
      makeFolder(folder)
      const done = withFileLock(lock, run)
      return done.ok ? done.value : fail(hostFilesText.notWritten(done.error))
    } catch (cause) {
      return fail(hostFilesText.notWritten(errorText(cause)))
    }
  }

  const named = (hosts: readonly HostToWrite[]): readonly NamedSshHost[] =>
    hosts.map(({ alias, endpoint, hostKey, identities }) => ({
      alias,
      endpoint,
      hostKey,
      identityFiles: identities.map((one) => (one.kind === 'file' ? one.path : publicKeyPath(one.publicKey))),
    }))

  let known: { readonly stamp: string | null; readonly state: IncludeState | null } | null = null

  function state(): IncludeState | null {
    const stamp = fileStamp(configPath)
    if (known === null || known.stamp !== stamp) {
      const read = readUserConfig(configPath)
      known = { stamp, state: read.ok ? findInclude(read.value ?? '', included, home) : null }
    }
    return known.state
  }

  return {
    line,
    configPath,
    shownPath() {
      const target = realPathOf(configPath)
      return target === configPath ? configPath : `${configPath} (${target})`
    },
    state,
    include: () =>
      line === ''
        ? fail(hostFilesText.unusableHome)
        : changing(() => {
            const read = readUserConfig(configPath)
            if (!read.ok) return fail(hostFilesText.addByHand(read.error, line))
            const text = read.value ?? ''
            if (findInclude(text, included, home) === 'applies') return ok(undefined)
            const done = writeUserConfig(configPath, text, withInclude(text, line))
            return done.ok ? done : fail(hostFilesText.addByHand(done.error, line))
          }),
    exclude: () =>
      changing(() => {
        const read = readUserConfig(configPath)
        if (!read.ok) return fail(hostFilesText.removeByHand(read.error, line))
        const text = read.value ?? ''
        const without = withoutInclude(text, line)
        const done = without === text ? ok(undefined) : writeUserConfig(configPath, text, without)
        if (!done.ok) return fail(hostFilesText.removeByHand(done.error, line))
        for (const name of readdirSync(folder)) if (OWN_FILE.test(name)) rmSync(join(folder, name))
        return findInclude(without, included, home) === 'absent'
          ? ok(undefined)
          : fail(hostFilesText.anotherLine(configPath))
      }),
    write: (accountId, hosts) =>
      changing(() => {
        for (const { identities } of hosts)
          for (const one of identities)
            if (one.kind === 'agent') replaceOnChange(publicKeyPath(one.publicKey), `${one.publicKey}\n`)
        const knownHosts = pathOf(accountId, 'known_hosts')
        // A host that is named must be known by then.
        replaceOnChange(knownHosts, knownHostsText(named(hosts)))
        replaceOnChange(pathOf(accountId, 'config'), hostsText(named(hosts), knownHosts))
        return ok(undefined)
      }),
    preview: (accountId, hosts) => hostsText(named(hosts), pathOf(accountId, 'known_hosts')),
    stamp: (accountId) =>
      [configPath, pathOf(accountId, 'config'), pathOf(accountId, 'known_hosts')].map(fileStamp).join('|'),
    keepOnly(accountIds) {
      const kept = new Set(accountIds.map((accountId) => hash(accountId, 10)))
      const isLeft = (name: string): boolean =>
        OWN_FILE.test(name) && name.startsWith(`${ownPrefix}-`) && !kept.has(name.slice(11, 21))
      try {
        const left = readdirSync(folder).filter(isLeft)
        if (left.length > 0)
          withFileLock(lock, () => left.forEach((name) => rmSync(join(folder, name), { force: true })))
      } catch {
        // Without the folder there is nothing to remove, and what stays is tried again with the next change.
      }
    },
  }
}

/** ssh knows the home folder from the system. Empty: no line can lead there. */
function includeLine(home: string, included: string): string {
  if (isSystemHome(home)) return 'Include ~/.ssh/podkeeper.d/*.config'
  return canBeNamed(home) && !/[*?[\]{}%]/.test(home) ? `Include "${included.replaceAll('\\', '/')}"` : ''
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function isSystemHome(home: string): boolean {
  try {
    return userInfo().homedir === home
  } catch {
    return false
  }
}

function replaceOnChange(path: string, text: string): void {
  let before: string | null = null
  try {
    before = readFileSync(path, 'utf8')
  } catch {
    // It is written anew.
  }
  if (before !== text) replaceFile(path, text)
}
