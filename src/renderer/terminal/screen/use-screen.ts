import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Settings } from '../../../core/settings/settings'
import type { TerminalView } from '../../../core/terminal/terminal'
import { useWindow } from '../../state/window-context'
import { cleanPaste, encodePaste, pasteRisk, type PasteRisk } from './clipboard/clean-paste'
import { copyText } from '../../ui/copy-text'
import { useScreenAppearance } from './screen-options'
import { type OutputFeed, startOutputFeed } from './output-feed'
import type { TerminalAction } from './terminal-keys'
import { createInputQueue, type InputQueue } from './input-queue'
import { openXtermScreen, type XtermScreen } from './xterm-screen'
import { screenText } from './screen-text'

/** The address under the pointer, and the pointer's viewport coordinates, px. */
export interface HoveredLink {
  readonly text: string
  readonly x: number
  readonly y: number
}

/** A paste that waits for confirmation. */
export interface PendingPaste {
  readonly cleaned: string
  readonly risk: PasteRisk
}

export interface ScreenController {
  /** Null until the screen is ready. */
  readonly screen: XtermScreen | null
  /** Why nothing can be shown. */
  readonly problem: string | null
  readonly link: HoveredLink | null
  readonly paste: PendingPaste | null
  readonly answerPaste: (isConfirmed: boolean) => void
  /** Clears the terminal here and in the main process. */
  readonly clear: () => void
  readonly copySelection: () => void
}

/** Debounces resizes while the window is dragged. */
const RESIZE_DEBOUNCE_MS = 80

/** Renders `terminal` into `hostRef`, with its output and input. */
export function useScreen(
  hostRef: RefObject<HTMLElement | null>,
  terminal: TerminalView,
  settings: Settings,
  hasPanes: boolean,
  onAction: (action: TerminalAction, from: XtermScreen) => void,
): ScreenController {
  const { bridge, snapshotStore } = useWindow()
  const { id, podName } = terminal
  const appearance = useScreenAppearance(settings)
  const [screen, setScreen] = useState<XtermScreen | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [link, setLink] = useState<HoveredLink | null>(null)
  const [paste, setPaste] = useState<PendingPaste | null>(null)
  const inputQueueRef = useRef<InputQueue | null>(null)
  /**
   * Incremented to attach again after a hidden terminal was detached; the ref says whether it had the focus
   * then.
   */
  const [reattachCount, setReattachCount] = useState(0)
  const hadFocusRef = useRef(false)
  /** For callbacks that outlive the render that created them. */
  const latestRef = useRef({ terminal, settings, appearance, hasPanes, onAction })
  useEffect(() => {
    latestRef.current = { terminal, settings, appearance, hasPanes, onAction }
  })

  const copyToClipboard = (text: string): void => {
    if (text !== '' && !copyText(text)) snapshotStore.showToast('bad', screenText.copyRejected)
  }

  useEffect(() => {
    const element = hostRef.current
    if (element === null) return undefined
    const cleanups: (() => void)[] = []
    let isMounted = true
    let outputFeed: OutputFeed | null = null

    const inputQueue = createInputQueue(
      async (text, encoding) => {
        const answer = await bridge.typeInTerminal(id, text, encoding)
        return answer.ok ? null : answer.error.message
      },
      (reason) => snapshotStore.showToast('bad', screenText.couldNotType(podName, reason)),
    )
    inputQueueRef.current = inputQueue

    const openScreen = async (): Promise<void> => {
      if (reattachCount > 0) await untilPageVisible()
      if (!isMounted) return
      let selectsByPointer = false
      let endOfPointer: ReturnType<typeof setTimeout> | undefined
      const openedScreen: XtermScreen = await openXtermScreen(element, latestRef.current.appearance, {
        onTyped(text, encoding) {
          const { state } = latestRef.current.terminal
          // The main process queues input for the shell, and reports why it rejects any.
          if (state.kind === 'open' || state.kind === 'connecting' || state.kind === 'waiting')
            inputQueue.type(text, encoding)
          else if ((state.kind === 'ended' || state.kind === 'detached') && text === '\r')
            void snapshotStore.runRequest(screenText.couldNotConnect(podName), bridge.retryTerminal(id))
        },
        onResized: debounce(RESIZE_DEBOUNCE_MS, cleanups, (size) => void bridge.resizeTerminal(id, size)),
        hasPanes: () => latestRef.current.hasPanes,
        onAction(action) {
          if (action.kind === 'copy') copyToClipboard(openedScreen.selection())
          else latestRef.current.onAction(action, openedScreen)
        },
        onSelected() {
          const text = openedScreen.selection()
          if (latestRef.current.settings.isTerminalCopyOnSelect && selectsByPointer) copyToClipboard(text)
        },
        onLink: (text, { clientX, clientY }) =>
          setLink(text === null ? null : { text, x: clientX, y: clientY }),
        onOpenLink: (address) =>
          void snapshotStore.runRequest(screenText.couldNotOpenLink, bridge.openTerminalLink(id, address)),
      })
      if (!isMounted) return openedScreen.dispose()
      cleanups.push(() => openedScreen.dispose())
      const onPaste = (event: ClipboardEvent): void => {
        event.preventDefault()
        event.stopPropagation()
        if (latestRef.current.terminal.state.kind !== 'open')
          return snapshotStore.showToast('bad', screenText.couldNotPaste(podName))
        const cleaned = cleanPaste(event.clipboardData?.getData('text/plain') ?? '')
        if (cleaned === '') return
        const risk = pasteRisk(cleaned, openedScreen.isPasteBracketed())
        if (risk === null) inputQueue.paste(encodePaste(cleaned, openedScreen.isPasteBracketed()))
        else setPaste({ cleaned, risk })
        openedScreen.scrollToEnd()
      }
      const onMouseDown = (): void => {
        // The second press of a double click may come before the first one has ended.
        clearTimeout(endOfPointer)
        selectsByPointer = true
      }
      // Later, because the screen reports a selection at the same event.
      const onMouseUp = (): void => {
        clearTimeout(endOfPointer)
        endOfPointer = setTimeout(() => (selectsByPointer = false))
      }
      element.addEventListener('paste', onPaste, { capture: true })
      element.addEventListener('mousedown', onMouseDown, { capture: true })
      window.addEventListener('mouseup', onMouseUp)
      const observer = new ResizeObserver(debounce(RESIZE_DEBOUNCE_MS, cleanups, () => openedScreen.fit()))
      observer.observe(element)
      cleanups.push(() => {
        observer.disconnect()
        element.removeEventListener('paste', onPaste, { capture: true })
        element.removeEventListener('mousedown', onMouseDown, { capture: true })
        window.removeEventListener('mouseup', onMouseUp)
      })
      openedScreen.fit()
      const onHiddenBacklog = (): void => {
        outputFeed?.stop()
        hadFocusRef.current = element.contains(document.activeElement)
        setReattachCount(reattachCount + 1)
      }
      outputFeed = startOutputFeed(
        bridge,
        id,
        openedScreen.size(),
        openedScreen,
        { onRefused: setProblem, onHiddenBacklog },
        isPageVisible,
      )
      setScreen(openedScreen)
      if (hadFocusRef.current && document.activeElement === document.body) openedScreen.focus()
      hadFocusRef.current = false
    }
    openScreen().catch(() => {
      if (isMounted) setProblem(screenText.notShown)
    })
    return () => {
      isMounted = false
      outputFeed?.stop()
      inputQueueRef.current = null
      for (const cleanup of cleanups.reverse()) cleanup()
      setScreen(null)
    }
    // Appearance is updated below without recreating the screen, and a pod's name doesn't change.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [bridge, snapshotStore, hostRef, id, reattachCount])

  useEffect(() => screen?.setAppearance(appearance), [screen, appearance])

  return {
    screen,
    problem,
    link,
    paste,
    answerPaste(isConfirmed) {
      if (isConfirmed && paste !== null && screen !== null)
        inputQueueRef.current?.paste(encodePaste(paste.cleaned, screen.isPasteBracketed()))
      setPaste(null)
    },
    clear() {
      screen?.clear()
      void snapshotStore.runRequest(screenText.couldNotClear, bridge.clearTerminal(id))
    },
    copySelection: () => copyToClipboard(screen?.selection() ?? ''),
  }
}

const isPageVisible = (): boolean => document.visibilityState === 'visible'

async function untilPageVisible(): Promise<void> {
  if (isPageVisible()) return
  await new Promise<void>((resolve) => {
    const onVisibilityChange = (): void => {
      if (!isPageVisible()) return
      document.removeEventListener('visibilitychange', onVisibilityChange)
      resolve()
    }
    document.addEventListener('visibilitychange', onVisibilityChange)
  })
}

/** Calls the function once there was no further call for `delayMs`. */
function debounce<T extends unknown[]>(
  delayMs: number,
  cleanups: (() => void)[],
  callback: (...args: T) => void,
): (...args: T) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  cleanups.push(() => clearTimeout(timer))
  return (...args) => {
    clearTimeout(timer)
    timer = setTimeout(() => callback(...args), delayMs)
  }
}
