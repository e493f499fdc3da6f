import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { waitUntil } from '../../test/harness/app/act/wait-until'

/** What a pod does that has a program of its own in the place of `tmux`. */
export interface FakeTmux {
  /** Runs in the place of a shell on the pod. */
  readonly command: string
  /**
   * Makes it run `source`, an asynchronous program that has `write(text)`, which waits until the text was taken, and
   * `answered(count)`, which waits for so many more lines of commands, and the lines `history` and `screen` with which a
   * screen is answered. Resolves once all is written or nobody reads it.
   */
  attack(source: string): Promise<void>
}

const ATTACK_LIMIT_MS = 180_000

/** Starts a session as tmux does, prints "ready" with its number in it, answers each command, and then does what it is told. */
export async function createFakeTmux(folder: string): Promise<FakeTmux> {
  await mkdir(folder)
  const program = join(folder, 'tmux')
  const [attackFile, doneFile] = [join(folder, 'attack'), join(folder, 'done')]
  await writeFile(
    program,
    `#!${process.execPath}
    const fs = require('node:fs')
    const args = process.argv.slice(2)
    if (args[0] === '-V') console.log('tmux 3.4')
    if (!args.includes('-C')) process.exit(args.includes('has-session') ? 1 : 0)
    const done = () => fs.writeFileSync(${JSON.stringify(doneFile)}, '')
    const write = (text) => new Promise((taken) => process.stdout.write(Buffer.from(text, 'latin1'), taken))
    const leave = () => { done(); process.exit() }
    process.stdout.on('error', leave)
    process.on('SIGHUP', leave)
    process.stdin.on('end', () => process.exit())
    let [number, lines, size, history, screen] = [0, 0, [80, 24], 0, '']
    const waiting = []
    const bodyOf = (command) => {
      const [, columns, rows] = /^refresh-client -C (\\d+)x(\\d+)/.exec(command) ?? []
      if (columns !== undefined) size = [columns, rows]
      if (command.includes('#{pane_id}')) return '%0,0\\n'
      if (command.startsWith('display-message')) return [...size, history, ...Array(19).fill(0)].join(',') + ',\\n'
      if (command.startsWith('capture-pane') && command.includes(' -S ')) return 'a line of history\\n'.repeat(history) + screen
      return ''
    }
    let input = ''
    process.stdin.on('data', (bytes) => {
      input += bytes
      const whole = input.split('\\n')
      input = whole.pop()
      for (const line of whole) {
        if (line === 'kill-session') process.exit()
        for (const command of line.split(' ; ')) {
          number += 1
          write('%begin 1 ' + number + ' 1\\n' + bodyOf(command) + '%end 1 ' + number + ' 1\\n')
        }
        lines += 1
        waiting.splice(0).forEach((go) => go())
      }
    })
    const answered = async (count) => {
      for (const until = lines + count; lines < until;) await new Promise((go) => waiting.push(go))
    }
    write('%session-changed $0 podkeeper\\n%output %0 ready-' + process.pid + '.\\n')
    const look = setInterval(async () => {
      if (!fs.existsSync(${JSON.stringify(attackFile)})) return
      clearInterval(look)
      const source = fs.readFileSync(${JSON.stringify(attackFile)}, 'utf8')
      fs.rmSync(${JSON.stringify(attackFile)})
      await eval('(async () => {' + source + '\\n})()')
      done()
    }, 20)`,
  )
  await chmod(program, 0o755)
  return {
    command: `PATH=${folder}:${process.env['PATH'] ?? '/usr/bin:/bin'} bash --noprofile --norc`,
    async attack(source) {
      await rm(doneFile, { force: true })
      await writeFile(`${attackFile}.new`, source)
      await rename(`${attackFile}.new`, attackFile)
      await waitUntil(
        'the attack to end',
        async () => (await readFile(doneFile).catch(() => null)) !== null,
        ATTACK_LIMIT_MS,
      )
    },
  }
}
