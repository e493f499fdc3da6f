import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { GpuReading } from '../../core/gpus/gpu-reading'
import type { PodKey } from '../../core/pods/pod'
import { useWindow } from '../state/window-context'
import { gpuPanelText } from './gpus-text'

/** `off`: nothing is read until a person asks for it. Times in Unix ms. */
export type LiveGpus =
  | { readonly kind: 'off' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'shown'; readonly reading: GpuReading; readonly atMs: number }
  | { readonly kind: 'failed'; readonly message: string }

const EVERY_MS = 2_000
/** The least time after a slow answer, ms. */
const PAUSE_MS = 1_000

interface Watching {
  readonly state: LiveGpus
  /** Connects and reads from now on, also after a failure. */
  readonly start: () => void
  readonly stop: () => void
}

/**
 * Reads the GPUs of a pod every two seconds while `place` can be seen: once a person started it, or while a terminal is
 * connected to the pod, unless they stopped it. See docs/product-rules.md#134-live-gpus-snippets-editors.
 */
export function useLiveGpus(
  podKey: PodKey,
  place: RefObject<HTMLElement | null>,
  hasTerminal: boolean,
): Watching {
  const { bridge } = useWindow()
  const [viewer] = useState(() => crypto.randomUUID())
  /** The number of the attempt that a person asked for; null: none. */
  const [asked, setAsked] = useState<number | null>(null)
  const [isStopped, setStopped] = useState(false)
  const isSeen = useIsSeen(place)
  const isWatching = asked !== null || (hasTerminal && !isStopped)
  /** Tells one connection from the next. */
  const watch = useMemo(() => (isWatching ? { asked } : null), [isWatching, asked])
  const [result, setResult] = useState<{ readonly watch: object; readonly state: LiveGpus } | null>(null)
  const connected = useRef<object | null>(null)
  const state: LiveGpus =
    watch === null ? { kind: 'off' } : result?.watch === watch ? result.state : { kind: 'connecting' }
  const hasFailed = state.kind === 'failed'

  useEffect(() => {
    if (watch === null) return
    return () => void bridge.closeGpus(podKey, viewer)
  }, [bridge, podKey, viewer, watch])

  useEffect(() => {
    if (watch === null || !isSeen || hasFailed) return
    let isActive = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = async (): Promise<void> => {
      const startedAtMs = performance.now()
      const isConnected = connected.current === watch
      const connect = watch.asked === null ? 'beside-terminal' : isConnected ? 'no' : 'yes'
      const answer = await bridge.readGpus(podKey, viewer, connect).catch(() => null)
      // A failure counts even if it is not visible now: what was refused is not requested again automatically.
      const fail = (message: string): void => setResult({ watch, state: { kind: 'failed', message } })
      if (answer === null) return fail(gpuPanelText.unexpected)
      if (!answer.ok) return fail(answer.error.message)
      if (answer.value.kind === 'not-connected') return fail(gpuPanelText.closed)
      if (!isActive) return
      if (answer.value.kind === 'read') {
        connected.current = watch
        const { reading } = answer.value
        setResult({ watch, state: { kind: 'shown', reading, atMs: Date.now() } })
      }
      const tookMs = performance.now() - startedAtMs
      timer = setTimeout(() => void read(), Math.max(PAUSE_MS, EVERY_MS - tookMs))
    }
    void read()
    return () => {
      isActive = false
      clearTimeout(timer)
    }
  }, [bridge, podKey, viewer, watch, isSeen, hasFailed])

  return {
    state,
    start() {
      setStopped(false)
      setAsked((number) => (number ?? 0) + 1)
    },
    stop() {
      setStopped(true)
      setAsked(null)
    },
  }
}

/** Whether a part of it is on screen, in a window that is. */
function useIsSeen(place: RefObject<HTMLElement | null>): boolean {
  const [isInView, setInView] = useState(false)
  const [isPageShown, setPageShown] = useState(() => !document.hidden)
  useEffect(() => {
    const onChange = (): void => setPageShown(!document.hidden)
    document.addEventListener('visibilitychange', onChange)
    return () => document.removeEventListener('visibilitychange', onChange)
  }, [])
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const observer = new IntersectionObserver((entries) => setInView(entries.at(-1)?.isIntersecting === true))
    observer.observe(element)
    return () => observer.disconnect()
  }, [place])
  return isInView && isPageShown
}
