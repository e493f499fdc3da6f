import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Settings } from '../../../core/settings/settings'
import type { TerminalView } from '../../../core/terminal/terminal'
import { useWindow } from '../../state/window-context'
import { cleanPaste, pasteAsTyped, pasteRisk, type PasteRisk } from './clean-paste'
import { readCopyRequest } from './copy-request'
import { copyText } from './copy-text'
import { useLook } from './screen-options'
import { type Feed, startFeed } from './output-feed'
import type { TerminalAction } from './terminal-keys'
import { createTypist, type Typist } from './input-queue'
import { openScreen, type Screen } from './xterm-screen'

/** The address below the pointer, and where that is in the window, px. */
export interface HoveredLink {
  readonly text: string
  readonly x: number
  readonly y: number
}

/** A paste that waits for a person. */
export interface AskedPaste {
  readonly cleaned: string
  readonly risk: PasteRisk
}

export interface ScreenParts {
  /** Null until it is drawn. */
  readonly screen: Screen | null
  /** Why there is nothing to see. */
  readonly problem: string | null
  readonly link: HoveredLink | null
  readonly paste: AskedPaste | null
  /** What a program asked to copy while nobody has allowed it yet. */
  readonly copyRequest: string | null
  readonly answerPaste: (isWanted: boolean) => void
  readonly answerCopy: (isAllowed: boolean) => void
  /** Here, and where it lives. */
  readonly clear: () => void
  readonly copySelection: () => void
}

/** Whether programs of a terminal may copy: asked once, and kept as long as the window. */
const copyChoices = new Map<string, boolean>()

/** Between two sizes of a window that is dragged, ms. */
const RESIZE_MS = 80

/** Draws `terminal` into `host`, brings its bytes there, and what is typed to it. */
export function useScreen(
  host: RefObject<HTMLElement | null>,
  terminal: TerminalView,
  settings: Settings,
  onAction: (action: TerminalAction, from: Screen) => void,
): ScreenParts {
  const { bridge, mirror } = useWindow()
  const { id, podName } = terminal
  const look = useLook(settings)
  const [screen, setScreen] = useState<Screen | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [link, setLink] = useState<HoveredLink | null>(null)
  const [paste, setPaste] = useState<AskedPaste | null>(null)
  const [copyRequest, setCopyRequest] = useState<string | null>(null)
  const typist = useRef<Typist | null>(null)
  /** How often it was let go while nobody saw it, and whether the keyboard was in it then. */
  const [timesLeft, setTimesLeft] = useState(0)
  const hadFocus = useRef(false)
  /** For what is called later than it was made. */
  const latest = useRef({ terminal, settings, look, onAction })
  useEffect(() => {
    latest.current = { terminal, settings, look, onAction }
  })

  const copy = (text: string): void => {
    if (text !== '' && !copyText(text)) mirror.say('bad', 'Nothing was copied: the system did not take it.')
  }
  const copyFor = (text: string): void =>
    void mirror.report(`Not copied for ${podName}`, bridge.copyFromTerminal(id, text))

  useEffect(() => {
    const element = host.current
    if (element === null) return undefined
    const cleanups: (() => void)[] = []
    let isHere = true
    let feed: Feed | null = null

    const writer = createTypist(
      async (text, as) => {
        const answer = await bridge.typeInTerminal(id, text, as)
        return answer.ok ? null : answer.error.message
      },
      (reason) => mirror.say('bad', `Not typed in ${podName}: ${reason}`),
    )
    typist.current = writer

    const draw = async (): Promise<void> => {
      if (timesLeft > 0) await untilSeen()
      if (!isHere) return
      let selectsByPointer = false
      const opened: Screen = await openScreen(element, latest.current.look, {
        onTyped(text, as) {
          const { state } = latest.current.terminal
          // Main knows what may wait for its shell, and says why not.
          if (state.kind === 'open' || state.kind === 'connecting' || state.kind === 'waiting')
            writer.type(text, as)
          else if (state.kind === 'ended' && text === '\r')
            void mirror.report(`${podName} is not connected`, bridge.retryTerminal(id))
        },
        onResized: debounce(RESIZE_MS, cleanups, (size) => void bridge.resizeTerminal(id, size)),
        onAction(action) {
          if (action.kind === 'copy') copy(opened.selection())
          else latest.current.onAction(action, opened)
        },
        onSelected() {
          const text = opened.selection()
          if (latest.current.settings.isTerminalCopyOnSelect && selectsByPointer) copy(text)
        },
        onLink: (text, { clientX, clientY }) =>
          setLink(text === null ? null : { text, x: clientX, y: clientY }),
        onOpenLink: (address) => void mirror.report('Not opened', bridge.openTerminalLink(address)),
        onCopyRequest(data) {
          const request = readCopyRequest(data)
          const isAsked = latest.current.settings.mayTerminalsSetClipboard === 'ask'
          if (request.kind !== 'write' || !isAsked || !opened.hasFocus()) return
          const choice = copyChoices.get(id)
          if (choice === true) copyFor(request.text)
          else if (choice === undefined) setCopyRequest(request.text)
        },
      })
      if (!isHere) return opened.dispose()
      cleanups.push(() => opened.dispose())
      const onPaste = (event: ClipboardEvent): void => {
        event.preventDefault()
        event.stopPropagation()
        if (latest.current.terminal.state.kind !== 'open')
          return mirror.say('bad', `Not pasted in ${podName}: its shell is not open.`)
        const cleaned = cleanPaste(event.clipboardData?.getData('text/plain') ?? '')
        if (cleaned === '') return
        const risk = pasteRisk(cleaned, opened.isPasteBracketed())
        if (risk === null) writer.paste(pasteAsTyped(cleaned, opened.isPasteBracketed()))
        else setPaste({ cleaned, risk })
        opened.scrollToEnd()
      }
      const onDown = (): void => void (selectsByPointer = true)
      const onUp = (): void => void setTimeout(() => (selectsByPointer = false))
      element.addEventListener('paste', onPaste, { capture: true })
      element.addEventListener('mousedown', onDown, { capture: true })
      window.addEventListener('mouseup', onUp)
      const observer = new ResizeObserver(debounce(RESIZE_MS, cleanups, () => opened.fit()))
      observer.observe(element)
      cleanups.push(() => {
        observer.disconnect()
        element.removeEventListener('paste', onPaste, { capture: true })
        element.removeEventListener('mousedown', onDown, { capture: true })
        window.removeEventListener('mouseup', onUp)
      })
      opened.fit()
      const onBehindUnseen = (): void => {
        feed?.end()
        hadFocus.current = element.contains(document.activeElement)
        setTimesLeft(timesLeft + 1)
      }
      feed = startFeed(bridge, id, opened.size(), opened, { onRefused: setProblem, onBehindUnseen }, isSeen)
      setScreen(opened)
      if (hadFocus.current && document.activeElement === document.body) opened.focus()
      hadFocus.current = false
    }
    draw().catch(() => {
      if (isHere) setProblem('It could not be drawn. Close the window and open it again.')
    })
    return () => {
      isHere = false
      feed?.end()
      typist.current = null
      for (const clean of cleanups.reverse()) clean()
      setScreen(null)
    }
    // The look of a screen that stands is changed below; a pod keeps its name.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [bridge, mirror, host, id, timesLeft])

  useEffect(() => screen?.setLook(look), [screen, look])

  return {
    screen,
    problem,
    link,
    paste,
    copyRequest,
    answerPaste(isWanted) {
      if (isWanted && paste !== null && screen !== null)
        typist.current?.paste(pasteAsTyped(paste.cleaned, screen.isPasteBracketed()))
      setPaste(null)
    },
    answerCopy(isAllowed) {
      copyChoices.set(id, isAllowed)
      if (isAllowed && copyRequest !== null) copyFor(copyRequest)
      setCopyRequest(null)
    },
    clear() {
      screen?.clear()
      void mirror.report('It comes back when this window is loaded anew', bridge.clearTerminal(id))
    },
    copySelection: () => copy(screen?.selection() ?? ''),
  }
}

const isSeen = (): boolean => document.visibilityState === 'visible'

async function untilSeen(): Promise<void> {
  if (isSeen()) return
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (!isSeen()) return
      document.removeEventListener('visibilitychange', look)
      resolve()
    }
    document.addEventListener('visibilitychange', look)
  })
}

/** Calls `run` once there was no further call for `ms`. */
function debounce<T extends unknown[]>(
  ms: number,
  cleanups: (() => void)[],
  run: (...args: T) => void,
): (...args: T) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  cleanups.push(() => clearTimeout(timer))
  return (...args) => {
    clearTimeout(timer)
    timer = setTimeout(() => run(...args), ms)
  }
}
