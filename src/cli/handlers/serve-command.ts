import { DEFAULT_API_PORT } from '../../core/settings/definitions/api-settings'
import { serveAccounts } from '../../node/pods-api/accounts/serve-accounts'
import type { ListenAt } from '../../node/pods-api/listen-at'
import { type ServeLockRefusal, takeServeLock } from '../../node/pods-api/serve-lock'
import type { CliContext } from './cli-context'
import { openFolderApi } from './folder-api'
import { CliExit, exitCodes } from '../output/exit'
import type { Commands } from '../program/command-types'
import { serveCommandText } from './cli-text'

/** The command that serves the Pods API. */
export function createServeCommand(context: CliContext, watch: Commands['watch']): Pick<Commands, 'serve'> {
  const { clock, output, version } = context

  async function serve(options: Parameters<Commands['serve']>[0]): Promise<number> {
    const folder = context.writableFolderOf(options)
    const lock = await takeServeLock(folder, 'cli')
    if (!lock.ok) throw lockExit(lock.error)
    try {
      return await serveLocked(folder, options)
    } finally {
      lock.value()
    }
  }

  async function serveLocked(folder: string, options: Parameters<Commands['serve']>[0]): Promise<number> {
    const api = await openFolderApi(context, options, watch, (line) => output.result(line))
    const listenAt: ListenAt =
      options.socket === undefined
        ? { kind: 'loopback', host: '127.0.0.1', port: options.port ?? DEFAULT_API_PORT }
        : { kind: 'socket', path: options.socket }
    const served = await serveAccounts({
      folder,
      listenAt,
      clock,
      version,
      api,
      report: (what, cause) => output.progress(`${what}: ${String(cause)}`),
    }).catch((cause: NodeJS.ErrnoException) => {
      throw new CliExit(exitCodes.failed, cannotListenText(listenAt, cause))
    })
    // Whoever reads that it is served may end it at once.
    let removeSignalHandlers = (): void => {}
    const ended = new Promise<number>((resolve) => {
      removeSignalHandlers = context.onSignal(resolve)
      api.onEnded(resolve)
    })
    output.result(
      listenAt.kind === 'socket'
        ? serveCommandText.servedAt(listenAt.path)
        : serveCommandText.servedOn(served.port ?? listenAt.port),
    )
    const exitCode = await ended
    await served.close()
    removeSignalHandlers()
    return exitCode
  }

  return { serve }
}

const lockExit = (refusal: ServeLockRefusal): CliExit =>
  refusal.kind === 'unusable'
    ? new CliExit(exitCodes.failed, refusal.message)
    : new CliExit(exitCodes.folderLocked, serveCommandText.servedByOther(refusal.holder))

const cannotListenText = (listenAt: ListenAt, { code, message }: NodeJS.ErrnoException): string => {
  const where = listenAt.kind === 'socket' ? listenAt.path : `127.0.0.1:${listenAt.port}`
  return serveCommandText.notServed(where, code === 'EADDRINUSE' ? null : message)
}
