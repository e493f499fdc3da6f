import { framedOutput, loopingLines, scriptLines } from '../run/framed-script'
import { typeAtPrompt } from '../run/type-script'
import type { SshShell } from '../connection/ssh-shell'

/** A terminal's shell that was made to run scripts which are typed into it, for servers that offer nothing else. */
export interface TypedShell {
  /** The output of a script for `sh`; null: it didn't end in time, or the connection did. */
  readonly run: (script: string) => Promise<string | null>
  /** What is written first is a script that takes over the shell; its output begins where it does. */
  readonly takeOver: () => SshShell
}

/** From the first byte that is typed. */
const READY_LIMIT_MS = 10_000
const RUN_LIMIT_MS = 5_000
/** Greetings, prompts and the output of a script. */
const MAX_BYTES = 256 * 1024

/** Null: it takes no scripts, or the connection ended. Nothing else may read the terminal. */
export function openTypedShell(
  terminal: SshShell,
  nonce: string,
  signal: AbortSignal,
): Promise<TypedShell | null> {
  let received: Buffer = Buffer.alloc(0)
  let isOver = signal.aborted
  /** What is looked for in what was received; null: what is received goes to `onData`. */
  let look: (() => void) | null = () => {}
  let onData = (_bytes: Uint8Array): void => {}
  const overListeners: (() => void)[] = []
  const end = (): void => {
    isOver = true
    for (const listener of overListeners.splice(0)) listener()
  }
  const write = (text: string): void => terminal.write(Buffer.from(text, 'latin1'))

  function within<T>(limitMs: number, find: (settle: (value: T | null) => void) => void): Promise<T | null> {
    return new Promise((resolve) => {
      const settle = (value: T | null): void => {
        clearTimeout(timer)
        resolve(value)
      }
      const timer = setTimeout(() => settle(null), limitMs)
      overListeners.push(() => settle(null))
      if (isOver) settle(null)
      else find(settle)
    })
  }

  const typed: TypedShell = {
    run: (script) =>
      within<string>(RUN_LIMIT_MS, (settle) => {
        look = () => {
          const output = framedOutput(received, nonce)
          if (output !== null) settle(output.bytes.toString('latin1'))
        }
        write(loopingLines(script, nonce))
      }),
    takeOver() {
      const start = `<${nonce}:start>\n`
      let hasBegun = false
      look = () => {
        const at = received.indexOf(start)
        if (at === -1) return
        look = null
        onData(received.subarray(at + start.length))
      }
      return {
        ...terminal,
        write(bytes) {
          if (hasBegun) return terminal.write(bytes)
          hasBegun = true
          const script = Buffer.from(bytes).toString('latin1').trimEnd()
          write(scriptLines(`stty raw -echo 2>/dev/null\nprintf '<%s:start>\\n' ${nonce}\n${script}`, nonce))
        },
        onData: (listener) => void (onData = listener),
      }
    },
  }

  terminal.onEnd(end)
  signal.addEventListener('abort', end)
  return within<TypedShell>(READY_LIMIT_MS, (settle) => {
    const typist = typeAtPrompt(nonce, write, () => settle(typed))
    overListeners.push(() => typist.stop())
    terminal.onData((bytes) => {
      if (look === null) return onData(bytes)
      received = Buffer.concat([received, bytes])
      if (received.length > MAX_BYTES) return terminal.close()
      typist.onOutput(received)
      look?.()
    })
  })
}
