import { API_PREFIX } from '../../core/pods-api/api-routes'
import { nameOfComputer } from '../../node/data-folder/computer-file'
import { serveAccounts } from '../../node/pods-api/accounts/serve-accounts'
import type { ListenAt } from '../../node/pods-api/listen-at'
import { type ServeLockRefusal, takeServeLock } from '../../node/pods-api/serve-lock'
import { health } from '../commands/health'
import type { CliContext } from './context/cli-context'
import { openFolderApi } from './context/folder-api'
import { CliExit, exitCodes } from '../output/exit'
import type { Commands } from '../program/command-types'
import { servedAddress, servePlaceOf } from '../serve/serve-place'
import { createServiceManager } from '../serve/service-manager'
import { eventJson } from '../watch/changes'
import { serveCommandText } from './context/cli-text'

/** The commands that serve the Pods API, and ask how the program that watches is doing. */
export function createServeCommands(
  context: CliContext,
  watch: Commands['watch'],
): Pick<Commands, 'serve' | 'health'> {
  const { clock, output, version } = context
  const nowMs = (): number => clock.now().wallMs

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
    const { listenAt, allowedHosts } = servePlaceOf(options)
    const api = await openFolderApi(context, options, watch, (line) => output.result(line))
    const served = await serveAccounts({
      folder,
      listenAt,
      allowedHosts,
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
    const computer = nameOfComputer(context.readFolderConfig(options).settings)
    const text = serveCommandText.servedAt(
      `${servedAddress(listenAt, served.port)}${listenAt.kind === 'socket' ? '' : API_PREFIX}`,
    )
    output.result(
      options.log === 'json'
        ? eventJson({ event: 'served', text, fields: { port: served.port } }, nowMs(), computer)
        : text,
    )
    const service = createServiceManager({
      env: context.process.env,
      readHealth: () => api.holder.health(),
      report: (cause) => output.progress(serveCommandText.notNotified(cause)),
    })
    service.ready()
    const exitCode = await ended
    service.stop()
    await served.close()
    removeSignalHandlers()
    return exitCode
  }

  return {
    serve,
    health: (options) =>
      health({
        folder: context.dataFolderOf(options),
        nowMs,
        isJson: options.json === true,
        apiAddress: options.api ?? null,
        output,
      }),
  }
}

const lockExit = (refusal: ServeLockRefusal): CliExit =>
  refusal.kind === 'unusable'
    ? new CliExit(exitCodes.failed, refusal.message)
    : new CliExit(exitCodes.folderLocked, serveCommandText.servedByOther(refusal.holder))

const cannotListenText = (listenAt: ListenAt, { code, message }: NodeJS.ErrnoException): string =>
  serveCommandText.notServed(servedAddress(listenAt, null), code === 'EADDRINUSE' ? null : message)
