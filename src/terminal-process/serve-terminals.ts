import type { TerminalProcessReply, TerminalProcessRequest } from '../shared/terminal-process'
import type { CreateEmulator, Emulator } from './emulator'

/** Answers the requests of main, one at a time: it sends the next one after a reply. */
export function createTerminalServer(
  createEmulator: CreateEmulator,
): (request: TerminalProcessRequest) => Promise<TerminalProcessReply> {
  const emulators = new Map<number, Emulator>()

  function emulatorOf(request: TerminalProcessRequest): Emulator {
    const { terminal } = request
    if (request.kind === 'open')
      emulators.set(terminal, createEmulator(request.size, request.scrollbackLines))
    const emulator = emulators.get(terminal)
    if (emulator === undefined) throw new Error(`Terminal ${terminal} is not open.`)
    return emulator
  }

  return async (request) => {
    const emulator = emulatorOf(request)
    let isDone = true
    let screen: string | null = null
    let isFound: boolean | null = null
    switch (request.kind) {
      case 'open':
        break
      case 'write':
        emulator.write(request.bytes)
        isDone = await emulator.parse()
        break
      case 'continue':
        isDone = await emulator.parse()
        break
      case 'resize':
        emulator.resize(request.size)
        break
      case 'clear':
        emulator.clear()
        break
      case 'serialize':
        screen = emulator.serialize()
        break
      case 'find':
        isFound = emulator.doesShow(request.address)
        break
      case 'close':
        emulators.delete(request.terminal)
        emulator.dispose()
        break
    }
    return {
      request: request.request,
      isDone,
      isOnAlternateScreen: emulator.isOnAlternateScreen(),
      linesUntilGone: emulator.linesUntilGone(),
      replies: emulator.takeReplies(),
      title: emulator.takeTitle(),
      marks: emulator.takeMarks(),
      folders: emulator.takeFolders(),
      copied: emulator.takeCopied(),
      cursorLine: emulator.cursorLine(),
      screen,
      isFound,
    }
  }
}
