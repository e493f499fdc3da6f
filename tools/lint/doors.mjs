import { relative, sep } from 'node:path'

/*
 * The doors of docs/architecture.md, as a lint rule: which rooms (folders of src/) and which packages each room
 * may import. `node:*` stands for Node's own modules. Type-only imports count as well.
 */
const DOORS = {
  core: { rooms: [], packages: ['valibot'] },
  shared: { rooms: ['core'], packages: ['valibot'] },
  providers: { rooms: ['core'], packages: ['ky', 'valibot', 'structured-headers'] },
  simulator: { rooms: ['core'], packages: ['valibot', 'ssh2', 'node:*'] },
  ssh: { rooms: ['core', 'node'], packages: ['ssh2', 'valibot', 'node:*'] },
  node: { rooms: ['core'], packages: ['node-notifier', 'node:*'] },
  cli: {
    rooms: ['core', 'providers', 'simulator', 'node'],
    packages: ['commander', 'get-east-asian-width', 'valibot', 'node:*'],
  },
  main: {
    rooms: ['core', 'shared', 'providers', 'simulator', 'node', 'ssh'],
    packages: [
      'electron',
      'electron-store',
      'valibot',
      '@particle/dbus-next',
      '@xterm/headless',
      '@xterm/addon-serialize',
      '@xterm/addon-unicode-graphemes',
      'node:*',
    ],
  },
  preload: { rooms: ['shared'], packages: ['electron'] },
  renderer: {
    rooms: ['core', 'shared'],
    packages: [
      'react',
      'react-dom',
      'zustand',
      'react-aria-components',
      'recharts',
      '@xterm',
      '@fontsource/jetbrains-mono',
      '@fontsource-variable/inter',
    ],
  },
}

const doors = {
  create(context) {
    const [top, room] = relative(context.cwd, context.filename).split(sep)
    const door = top === 'src' ? DOORS[room] : undefined
    if (top !== 'src') return {}
    const check = (node) => {
      if (!node.source) return
      const problem = door
        ? problemWith(
            node.source.value,
            room,
            door,
            relative(context.cwd, context.filename).split(sep).length - 3,
          )
        : `src/${room} is no room of docs/architecture.md.`
      if (problem) context.report({ node: node.source, message: problem })
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    }
  },
}

/** `depth`: how many folders below its room the importing file lies. */
function problemWith(source, room, door, depth) {
  if (!source.startsWith('.')) {
    const isAllowed = door.packages.some((name) =>
      name === 'node:*' ? source.startsWith('node:') : source === name || source.startsWith(`${name}/`),
    )
    return isAllowed ? null : `${room} may not import the package ${source}.`
  }
  const up = source.split('/').filter((part) => part === '..').length
  if (up <= depth) return null
  if (up > depth + 1) return `${room} may not import from outside of src (${source}).`
  const other = source.split('/')[up]
  return door.rooms.includes(other) ? null : `${room} may not import from ${other}.`
}

export default { meta: { name: 'podkeeper' }, rules: { doors } }
