import { fail, ok } from '../../core/result'
import type { Handlers } from '../../shared/ipc'

export type SshKeyRequestName = 'sshKeys' | 'makeSshKey' | 'registerSshKey' | 'chooseSshKeyFile'

export interface SshKeyHandlersOptions {
  /** By the system's dialog; null: cancelled. */
  readonly chooseFile: () => Promise<string | null>
  /** Keeps its path as the setting; why not, in words. */
  readonly keepFile: (path: string) => ReturnType<Handlers['changeSetting']>
}

export function createSshKeyHandlers(options: SshKeyHandlersOptions): Pick<Handlers, SshKeyRequestName> {
  const notYet = () => fail({ message: 'Podkeeper cannot do that yet.' })
  return {
    sshKeys: notYet,
    makeSshKey: notYet,
    registerSshKey: notYet,
    async chooseSshKeyFile() {
      const path = await options.chooseFile()
      if (path === null) return ok(null)
      const kept = await options.keepFile(path)
      return kept.ok ? ok(path) : kept
    },
  }
}
