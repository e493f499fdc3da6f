import { bootstrapLine, readyMarker, typedLines } from './framed-script'

/** How long a shell may take to show its first prompt, ms, before it is typed at regardless. */
const MAX_SILENCE_MS = 3_000
/** A shell that printed nothing for this long waits for input, ms. */
const QUIET_MS = 300
/** When a shell shows no sign of the first line, it is typed again after this, ms. */
const RETYPE_MS = 5_000

export interface Typist {
  /** Called after each output with it and a few bytes before it. */
  onOutput(latest: Buffer): void
  stop(): void
}

/** Types a script into an interactive shell, once that waits for input. */
export const typeScript = (script: string, nonce: string, write: (text: string) => void): Typist =>
  typeAtPrompt(nonce, write, () => write(typedLines(script, nonce)))

/** Makes an interactive shell one that takes scripts, once it waits for input. */
export function typeAtPrompt(nonce: string, write: (text: string) => void, onReady: () => void): Typist {
  let isReady = false
  let hasTyped = false
  const typeBootstrap = (): void => {
    hasTyped = true
    write(bootstrapLine(nonce))
    timer = setTimeout(typeBootstrap, RETYPE_MS)
  }
  let timer = setTimeout(typeBootstrap, MAX_SILENCE_MS)
  return {
    onOutput(latest) {
      if (isReady) return
      if (latest.includes(readyMarker(nonce))) {
        isReady = true
        clearTimeout(timer)
        onReady()
      } else if (!hasTyped) {
        clearTimeout(timer)
        timer = setTimeout(typeBootstrap, QUIET_MS)
      }
    },
    stop: () => clearTimeout(timer),
  }
}
