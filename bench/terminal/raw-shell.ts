import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { TerminalHarness } from '../../test/harness/app/start/terminal-harness'

/** ssh2 alone with a PTY, in the Node of the same Electron. Output is discarded. */
export interface RawShell {
  /** Types `text` and waits for `mark`. Returns ms. */
  run(text: string, mark: string): Promise<number>
  /** Types this many keys, each after the echo of the previous one. Returns ms for each. */
  echo(count: number): Promise<readonly number[]>
  end(): void
}

export function openRawShell({ server, home }: TerminalHarness, columns: number, rows: number): RawShell {
  const program = resolve(import.meta.dirname, 'ssh2-alone.cjs')
  const key = join(home, '.ssh/id_ed25519')
  const args = [program, String(server.port), server.username, key, String(columns), String(rows)]
  const child = spawn(process.env['PODKEEPER_ELECTRON'] ?? '', args, {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  async function order(what: object): Promise<unknown> {
    const answer = once(lines, 'line')
    child.stdin.write(`${JSON.stringify(what)}\n`)
    return JSON.parse(String((await answer)[0]))
  }
  return {
    run: (text, mark) => order({ kind: 'run', text, mark }) as Promise<number>,
    echo: (count) => order({ kind: 'echo', count }) as Promise<number[]>,
    end: () => void child.kill(),
  }
}
