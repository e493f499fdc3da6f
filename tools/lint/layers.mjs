import { posix, relative, sep } from 'node:path'

/* Lint rule for the allowed imports of docs/architecture.md. For each layer (folder of src/):
 *   layers    the other layers that it may import
 *   packages  the packages that it may import; `node:*` stands for Node's own modules
 *   folders   its folders from the bottom up: a file may import its own and those before it. '.' is the layer's own
 *             folder. The order rules out cycles between folders. Type-only imports count as well.
 */
const LAYERS = {
  core: {
    layers: [],
    packages: ['valibot'],
    folders: [
      'base',
      'pods',
      'pods/labs',
      'settings/definitions',
      'idle',
      'intents',
      'terminal/commands',
      'terminal/panes',
      'terminal',
      'terminal/tmux',
      'editors',
      'logs',
      'files',
      'ports',
      'gpus',
      'settings',
      'polling',
      'history',
      'audit-log',
      'alerts',
      'channels',
      'channels/messages',
      'channels/outbox',
      'pod-rules',
      'money/ledger',
      'money',
      'money/bills',
      'money/costs',
      'creation',
      'creation/form',
      'changes',
      'guard/policy',
      'guard',
      'queue/host',
      'queue/jobs',
      'queue/schedule',
      'queue',
      'pod-guard',
      'confirmation',
      'view/demo',
      'view',
      'view/tray',
      'pods-api',
      '.',
    ],
  },
  shared: { layers: ['core'], packages: ['valibot'], folders: ['.'] },
  providers: {
    layers: ['core'],
    packages: ['ky', 'undici', 'valibot', 'structured-headers'],
    folders: ['http/quota', 'http', 'channels', 'wire', 'runpod', 'hubify/quota', 'hubify', '.'],
  },
  simulator: {
    layers: ['core'],
    packages: ['valibot', 'ssh2', 'node:*'],
    folders: [
      'http',
      'ledger',
      'world',
      'labs',
      'ssh',
      'control',
      'api/billing',
      'api/catalog',
      'api',
      'hubify',
      '.',
    ],
  },
  ssh: {
    layers: ['core', 'node'],
    packages: ['ssh2', 'valibot', 'node:*'],
    folders: [
      'config',
      'keys',
      'host-keys',
      'connection',
      'run',
      'sessions',
      'jobs',
      'files/sftp',
      'files/session',
      'files/sides',
      'files',
      'forward',
      'key-setup',
      'hosts',
      '.',
    ],
  },
  node: {
    layers: ['core'],
    packages: ['node-notifier', 'valibot', '@valibot/to-json-schema', 'node:*'],
    folders: [
      'data-folder/files',
      'data-folder/journal',
      'data-folder',
      'data-folder/lock',
      'queue',
      'channels',
      'control',
      'pods-api',
      'pods-api/accounts',
      'in-memory',
      'notifications',
      'editors',
      '.',
    ],
  },
  cli: {
    layers: ['core', 'providers', 'simulator', 'node', 'ssh'],
    packages: ['commander', 'get-east-asian-width', 'valibot', '@modelcontextprotocol/sdk', 'node:*'],
    folders: [
      'output',
      'account',
      'commands/find',
      'commands/files',
      'commands/ports',
      'commands',
      'commands/editors',
      'commands/login',
      'commands/act',
      'commands/control',
      'commands/create',
      'commands/catalog',
      'commands/logs',
      'commands/costs',
      'commands/queue',
      'commands/channel',
      'program',
      'watch',
      'serve',
      'mcp',
      '.',
    ],
  },
  main: {
    layers: ['core', 'shared', 'providers', 'simulator', 'node', 'ssh'],
    packages: ['electron', 'electron-store', 'valibot', '@particle/dbus-next', 'node:*'],
    folders: [
      'lifecycle',
      'hardening',
      'settings',
      'account/key',
      'account',
      'account/requests',
      'ipc',
      'channels',
      'pods-api',
      'account/session',
      'desktop',
      'creation',
      'windows',
      'logs',
      'tray',
      'terminals/input',
      'terminals/process',
      'terminals/sessions',
      'terminals',
      'ports',
      'editors',
      'gpus',
      'files',
      'notifications',
      'queue',
      '.',
    ],
  },
  'terminal-process': {
    layers: ['core', 'shared'],
    packages: ['@xterm/headless', '@xterm/addon-serialize', '@xterm/addon-unicode-graphemes', 'node:*'],
    folders: ['.'],
  },
  preload: { layers: ['shared'], packages: ['electron'], folders: ['.'] },
  renderer: {
    layers: ['core', 'shared'],
    packages: [
      'react',
      'react-dom',
      'zustand',
      'react-aria-components',
      '@xterm',
      'uplot',
      '@fontsource/jetbrains-mono',
      '@fontsource-variable/inter',
    ],
    folders: [
      'state/arrange',
      'state',
      'ui',
      'ui/controls',
      'pod-model',
      'activity',
      'connect',
      'messages',
      'money',
      'money/chart',
      'money/costs',
      'strip',
      'toasts',
      'accounts',
      'confirm',
      'guard',
      'edit',
      'queue',
      'queue/form',
      'palette',
      'snippets',
      'editors',
      'pods/actions',
      'pods/card/panels',
      'pods/card',
      'pods/bulk',
      'shell',
      'channels',
      'pods-api',
      'settings',
      'volumes',
      'ports',
      'next-stops',
      'pods/table',
      'pods/creates',
      'pods',
      'new-pod/state',
      'new-pod/fields',
      'new-pod',
      'popover',
      'terminal/state',
      'gpus',
      'files',
      'terminal/screen/clipboard',
      'terminal/screen',
      'terminal/panels',
      'terminal/panes',
      'terminal',
      'terminal/tmux',
      'logs',
      'pod-page/chart',
      'pod-page',
      '.',
    ],
  },
}

export const layers = {
  create(context) {
    const [top, layer, ...rest] = relative(context.cwd, context.filename).split(sep)
    if (top !== 'src') return {}
    const folder = posix.join('.', ...rest.slice(0, -1))
    const check = (node) => {
      const problem =
        layer in LAYERS
          ? problemWith(node.source?.value, layer, folder)
          : `src/${layer} is not a layer of tools/lint/layers.mjs.`
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

function problemWith(source, layer, folder) {
  const { layers: allowed, packages, folders } = LAYERS[layer]
  if (source === undefined) return null
  if (!source.startsWith('.')) {
    const isAllowed = packages.some((name) =>
      name === 'node:*' ? source.startsWith('node:') : source === name || source.startsWith(`${name}/`),
    )
    return isAllowed ? null : `${layer} may not import the package ${source}.`
  }
  const [path] = posix.join(layer, folder, source).split('?')
  // Assets are bundled from resources/; nothing else outside src may be imported.
  if (path.startsWith('../resources/')) return null
  if (path.startsWith('..')) return `${layer} may not import from outside of src (${source}).`
  const [otherLayer, ...rest] = path.split('/')
  if (otherLayer !== layer)
    return allowed.includes(otherLayer) ? null : `${layer} may not import from ${otherLayer}.`
  const otherFolder = posix.join('.', ...rest.slice(0, -1))
  if (folder === otherFolder) return null
  const [rank, otherRank] = [folders.indexOf(folder), folders.indexOf(otherFolder)]
  if (rank < 0) return `src/${layer}/${folder} has no place in the order of tools/lint/layers.mjs.`
  return otherRank >= 0 && otherRank < rank
    ? null
    : `In ${layer}, ${folder} may not import ${otherFolder}: it does not come before it.`
}
