/*
 * The files under mutation testing: those that decide about money, data and trust (in core unless another
 * layer is named), in groups, each with its example-based tests. Property-based tests are left out because
 * they find as much but take ten times as long. A group runs only the test files that it names.
 */
export const groups = {
  activity: {
    files: inFolder('src/core/idle', '.ts', ['activity', 'idle-episode', 'quiet-window', 'sample']),
    tests: inFolder('test/core/idle', '.test.ts', ['activity', 'activity-edges', 'quiet-window', 'sample']),
  },
  policy: {
    files: [
      ...inFolder('src/core/guard', '.ts', ['policy', 'stop-plan', 'stop-conditions', 'stop-limit']),
      'src/core/pod-rules/keep-on.ts',
      'src/core/pods/confirmed-uptime.ts',
    ],
    tests: [
      ...inFolder('test/core/guard', '.test.ts', [
        'policy',
        'stop-plan',
        'stop-conditions',
        'stop-limit',
        'auto-stop',
        'max-hours',
      ]),
      ...inFolder('test/core/pod-rules', '.test.ts', ['keep-on', 'pod-rules-editor']),
    ],
  },
  alerts: {
    files: inFolder('src/core/alerts', '.ts', ['alert-plan', 'alert-dispatcher', 'alert-history']),
    tests: [
      ...inFolder('test/core/alerts', '.test.ts', ['alert-plan', 'alert-dispatcher', 'alert-history']),
      'test/core/monitor-alerts.test.ts',
    ],
  },
  intents: {
    files: inFolder('src/core/intents', '.ts', [
      'intent',
      'intent-runner',
      'intent-observation',
      'intent-reply',
    ]),
    tests: [
      ...inFolder('test/core/intents', '.test.ts', [
        'intent',
        'intent-expiry',
        'intent-observation',
        'intent-reply',
        'intent-runner',
        'intent-runner-adopt',
        'intent-runner-crash',
        'intent-runner-end',
        'intent-runner-gpu',
        'intent-runner-late',
      ]),
      'test/core/monitor-actions.test.ts',
    ],
  },
  'ssh-keys': {
    files: [
      ...inFolder('src/ssh/config', '.ts', [
        'config-conditions',
        'config-line',
        'included-files',
        'ssh-config',
        'wildcards',
      ]),
      'src/ssh/connection/algorithms.ts',
      ...inFolder('src/ssh/host-keys', '.ts', [
        'host-key-file',
        'host-key-pins',
        'known-hosts',
        'verify-host-key',
      ]),
      ...inFolder('src/ssh/key-setup', '.ts', ['diagnose-keys', 'register-key', 'registered-keys']),
      ...inFolder('src/ssh/keys', '.ts', ['key-file-parser', 'key-order', 'public-key']),
    ],
    tests: [
      ...inFolder('test/ssh/config', '.test.ts', ['included-files', 'ssh-config']),
      ...inFolder('test/ssh/host-keys', '.test.ts', ['host-key-pins', 'known-hosts', 'verify-host-key']),
      ...inFolder('test/ssh/key-setup', '.test.ts', ['diagnose-keys', 'register-key']),
      ...inFolder('test/ssh/keys', '.test.ts', ['key-file-parser', 'key-order', 'public-key']),
    ],
  },
}

/** Minimum percentage of a group's detectable mutants that its tests must detect. */
export const MIN_KILLED_PERCENT = 90

function inFolder(folder, ending, names) {
  return names.map((name) => `${folder}/${name}${ending}`)
}
