import type { Windows } from '../../../../src/main/windows/windows'
import type { EventName, PageTarget } from '../../../../src/shared/ipc'
import { serializeSnapshot } from '../../../../src/shared/snapshot-text'

/** The windows of a scene: what the app sends to them goes to the test's page. */
export interface TestWindows extends Windows {
  readonly shownPages: readonly PageTarget[]
}

export function createTestWindows(send: (name: EventName, payload: unknown) => void): TestWindows {
  const shownPages: PageTarget[] = []
  return {
    shownPages,
    showPopover: () => {},
    hidePopover: () => {},
    showMain(page, about = null) {
      shownPages.push({ page, about })
      send('showPage', { page, about })
    },
    showTerminal(terminalId) {
      if (terminalId !== null) send('showTerminal', terminalId)
    },
    keepTerminalWindows: () => {},
    publish: (snapshot) => send('snapshot', serializeSnapshot(snapshot)),
    send,
    sendOutput: (output) => send('terminalOutput', output),
    sendLog: (update) => send('log', update),
    areShowing: () => true,
    terminalWindowOf: () => null,
    isAnyShown: () => true,
    isFocused: () => true,
    onFocus: () => () => {},
    onPageLost: () => () => {},
    onTerminalWindowClosed: () => () => {},
    onMainLost: () => () => {},
    prepareToQuit: () => {},
  }
}
