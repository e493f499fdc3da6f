import type { SeededRandom } from '../seeded-random'

/** What a pod may print. Two of them in a row may form a third. */
export type OutputGrammar = (random: SeededRandom) => Uint8Array

const ESC = '\x1b'
const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCharCode(from + at))

/** Sequences that ordinary programs use, with counts that fit on a screen, and text. */
export const harmlessOutput: OutputGrammar = (random) => Buffer.from(harmless(random))

/** Anything: every sequence with every count, strings, marks, controls, C1 controls and invalid bytes. */
export const hostileOutput: OutputGrammar = (random) => {
  if (random.bool(0.04))
    return Uint8Array.from({ length: random.integer(1, 6) }, () => random.integer(0x80, 0xff))
  const output = random.bool(0.4) ? harmless(random) : hostile(random)
  return Buffer.from(NO_WRAPPING.test(output) ? '' : output)
}

/**
 * While lines are not wrapped, xterm.js 6.0.0 draws a wide character in the last column differently depending on where
 * a chunk ends.
 */
const NO_WRAPPING = /\?(?:.*\D)?0*7(?:\D.*)?l/s

function harmless(random: SeededRandom): string {
  const count = (): string => random.pick(['', '', '0', '1', '2', '3', '7', '24', '40', '80', '120'])
  return random.pick<() => string>([
    () => text(random),
    () => text(random),
    () => text(random),
    () => random.pick(['\r\n', '\r\n', '\n', '\r', '\b', '\t', '\x0b', '\x07', '\x0e', '\x0f']),
    () => `${ESC}[${count()}${random.pick(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'd', 'a', 'e', '`'])}`,
    () => `${ESC}[${count()};${count()}${random.pick(['H', 'f'])}`,
    () => `${ESC}[${count()}${random.pick(['L', 'M', 'S', 'T', '@', 'P', 'X', 'I', 'Z', 'b'])}`,
    () => `${ESC}[${random.pick(['', '0', '1', '2'])}${random.pick(['J', 'K'])}`,
    () => `${ESC}[${count()}${random.pick([' @', ' A', "'}", "'~"])}`,
    () => `${ESC}[${random.integer(1, 12)};${random.integer(1, 24)}r`,
    () => `${ESC}[${random.pick(['0', '1', '4', '7', '31', '1;44', '38;5;99', '38;2;9;8;7', '4:3'])}m`,
    () => `${ESC}[${random.pick(['4', '?6', '?25', '?45', '?1049', '?2004'])}${random.pick(['h', 'l'])}`,
    () => `${ESC}${random.pick(['7', '8', 'D', 'E', 'M', 'H', '=', '>', '(0', '(B', '#8'])}`,
    () => `${ESC}]8;;https://example.test/${random.integer(1, 99)}${ESC}\\link${ESC}]8;;${ESC}\\`,
  ])()
}

/** What begins a DCS, SOS, PM, APC or OSC, of 7 and 8 bits. */
const string = (random: SeededRandom): string =>
  random.pick([
    `${ESC}P`,
    `${ESC}X`,
    `${ESC}^`,
    `${ESC}_`,
    `${ESC}]`,
    '\u0090',
    '\u0098',
    '\u009e',
    '\u009f',
    '\u009d',
  ])

const FINALS = range(0x40, 0x7e)
const PREFIXES = ['', '', '', '', '?', '>', '=', '<']
const INTERMEDIATES = ['', '', '', '', ' ', '!', '"', '$', "'", '#', '(', '*']
const MARKS = ['\u0301', '\u0489', '\u20dd', '\u200d', '\ufe0f', '\u0e33', '\u{e0061}', '\u1100']

function hostile(random: SeededRandom): string {
  const any = (choices: readonly string[]): string => choices[random.integer(0, choices.length - 1)] ?? ''
  const number = (): string =>
    random.pick([
      '',
      '0',
      '1',
      String(random.integer(0, 200)),
      '999',
      '65536',
      '8000000',
      '2147483647',
      '99999999999999999999',
      '00000000000000000099999',
    ])
  const params = (): string =>
    Array.from({ length: random.pick([0, 1, 1, 1, 2, 3, 40]) }, number).join(random.pick([';', ';', ':']))
  const terminator = (): string => random.pick(['\x07', `${ESC}\\`, '\u009c', '\x18', ''])
  return random.pick<() => string>([
    () => `${ESC}[${any(PREFIXES)}${params()}${any(INTERMEDIATES)}${any(FINALS)}`,
    () => `\u009b${any(PREFIXES)}${params()}${any(INTERMEDIATES)}${any(FINALS)}`,
    () => `${ESC}[${number()}${random.pick(['L', 'M', 'S', 'T', '@', 'P', 'X', 'I', 'Z', 'b'])}`,
    // Interrupted by a control character.
    () => `${ESC}[9${random.pick(['\n', '\r', '\x7f', '\x18', '\x85', '\u0085', 'é'])}99${any(FINALS)}`,
    () => `${ESC}${any(INTERMEDIATES)}${any(range(0x30, 0x7e))}`,
    () =>
      `${ESC}]${random.pick(['0', '2', '8;', '8;id=1', '4;1', '10', '52;c', '104', '1337'])};${text(random)}${terminator()}`,
    () =>
      `${random.pick([`${ESC}P`, '\u0090'])}${params()}${any(INTERMEDIATES)}${any(FINALS)}${text(random)}${terminator()}`,
    // SOS, PM and APC.
    () => `${string(random)}${text(random)}${terminator()}`,
    // One string inside of another, and long ones.
    () => `${string(random)}${text(random)}${string(random)}${text(random)}${terminator()}${terminator()}`,
    () => `${string(random)}${text(random).repeat(random.integer(1, 200))}${terminator()}`,
    // Colors without end.
    () =>
      `${ESC}]4${`;${random.integer(0, 300)};#${random.pick(['fff', '0a0b0c', '?'])}`.repeat(random.integer(1, 60))}${terminator()}`,
    () => `${any(['a', 'é', '한', '👩'])}${any(MARKS).repeat(random.integer(1, 80))}`,
    () => any(MARKS),
    () => any(range(0x00, 0x1f)),
    () => any(range(0x80, 0x9f)),
  ])()
}

function text(random: SeededRandom): string {
  return random.pick([
    'plain text ',
    'word',
    'x'.repeat(random.integer(1, 100)),
    'é ü ß',
    '漢字かな',
    '한국어',
    '👩‍👩‍👧 🇩🇪 😀',
    'e\u0301o\u0308',
    'ก็น้ำ',
  ])
}
