import type { SeededRandom } from '../seeded-random'
import { hostileOutput, type OutputGrammar } from './grammar'

/*
 * What a pod that pretends to be tmux may write: blocks that are cut, interleaved, or ended by another's guard, pauses,
 * and output inside and outside of them. A grammar is made for each stream, since its blocks count.
 */
export function createControlOutput(): OutputGrammar {
  let number = 0
  /** The block that the client is in. */
  let open: number | null = null
  const begin = (): string => {
    number += 1
    open ??= number
    return `%begin 1 ${number} 1`
  }
  /** Mostly that of the block that is open. */
  const guard = (random: SeededRandom, wrong = 0.1): string => {
    if (random.bool(wrong)) return `${random.integer(0, 2)} ${random.integer(0, 9)} ${random.integer(0, 2)}`
    const ended = open ?? number
    open = null
    return `1 ${ended} 1`
  }

  function piece(random: SeededRandom): string {
    const pane = random.pick(['%0', '%0', '%0', '%1', '%', '%9999999999', '0'])
    const output = (): string => escaped(random.bool(0.3) ? longText(random) : hostileOutput(random))
    return random.pick<() => string>([
      () => `%output ${pane} ${output()}\n`,
      () => `%output ${pane} ${output()}\n`,
      () => `%extended-output ${pane} ${random.integer(0, 9_999)} : ${output()}\n`,
      () => `${begin()}\n${body(random)}%end ${guard(random)}\n`,
      // Interleaved: output, a pause, another block and a foreign end inside of one.
      () =>
        `${begin()}\n%output ${pane} ${output()}\n${random.bool(0.1) ? '%pause %0\n' : ''}${begin()}\n${body(random)}%${random.pick(['end', 'error'])} ${guard(random)}\n`,
      () => `%${random.pick(['end', 'error'])} ${guard(random)}\n`,
      () =>
        `${begin()}\n${'\n'.repeat(random.bool(0.001) ? 20_000 : random.integer(0, 20))}%end ${guard(random)}\n`,
      () =>
        random.bool(0.1)
          ? `%pause %${random.pick(['0', '1', ''])}\n`.repeat(random.pick([1, 1, 200]))
          : '%pause %1\n',
      // A pause as tmux reports one, and the screen that is asked for then.
      () =>
        `%pause %0\n${['', SCREEN, 'history', ''].map((text) => `${begin()}\n${text}\n%end ${guard(random, 0)}\n`).join('')}`,
      () => `%continue %0\n`,
      () =>
        `%${random.pick(['exit', 'session-changed $0 name', 'layout-change @0 x', 'subscription-changed'])}\n`,
      () => `%subscription-changed podkeeper $0 @0 0 %0 : ${output()}\n`,
      () => `%output %0 ${'\\'.repeat(random.integer(1, 9))}${random.integer(0, 999)}\n`,
      // Without an end of its line, so that the next one continues it.
      () => `%output %0 ${output()}`,
      () => random.pick(['\n', '\r\n', '%', '%begin', '%begin 1 1\n', '\x1bP1000p', '\x1b\\']),
    ])()
  }
  return (random) => Buffer.from(piece(random), 'latin1')
}

/** How the screen is, as tmux replies. */
export const SCREEN = `${[80, 24, 0, 0, 0, 0, ...Array.from({ length: 16 }, () => '0')].join(',')},`

const body = (random: SeededRandom): string =>
  random.pick([
    '',
    '%0,0\n',
    `${[80, 24, ...Array.from({ length: 20 }, () => random.integer(0, 99))].join(',')},\n`,
    `${SCREEN}\n`,
    `${escaped(hostileOutput(random))}\n`.repeat(random.integer(1, 5)),
  ])

const longText = (random: SeededRandom): Uint8Array => Buffer.alloc(random.integer(1, 4_000), 'x\n\x1b[m')

/** As tmux writes bytes of a pane: control characters and backslashes in octal digits, and rarely as they are. */
const escaped = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) =>
    byte < 0x20 || byte === 0x5c ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte),
  ).join('')
