/*
 * The files under mutation testing: those that decide about money, data and trust (in core unless another
 * layer is named), in groups, each with its example-based tests. Property-based tests are left out because
 * they find as much but take ten times as long. A group runs only the test files that it names.
 */
export const groups = {
  activity: {
    files: ['activity', 'episode', 'quiet', 'sample'],
    tests: ['test/core/{activity,activity-edges,quiet,sample}.test.ts'],
  },
  policy: {
    files: ['policy', 'plan', 'guard-rules', 'keep-on', 'certain-age', 'stop-count'],
    tests: [
      'test/core/{policy,plan,guard-rules,stop-count,auto-stop,keep-on,max-hours,guard-orders}.test.ts',
    ],
  },
  alerts: {
    files: ['alerts', 'announcer', 'alert-marks'],
    tests: ['test/core/{alert-marks,alerts,announcer,monitor-alerts}.test.ts'],
  },
  intents: {
    files: ['intents', 'intent-desk', 'intent-look', 'intent-reply'],
    tests: [
      'test/core/{intents,intent-expiry,intent-look,intent-reply,intent-desk*,monitor-actions}.test.ts',
    ],
  },
  'ssh-keys': {
    files: [
      'ssh/algorithms',
      'ssh/config-conditions',
      'ssh/config-line',
      'ssh/host-key-file',
      'ssh/host-key-pins',
      'ssh/included-files',
      'ssh/judge-host-key',
      'ssh/key-file-text',
      'ssh/key-order',
      'ssh/key-troubles',
      'ssh/known-hosts',
      'ssh/public-key',
      'ssh/register-key',
      'ssh/registered-lines',
      'ssh/ssh-config',
      'ssh/wildcards',
    ],
    tests: [
      'test/ssh/{host-key-pins,included-files,judge-host-key,key-file-text,key-order,key-troubles,known-hosts,public-key,register-key,ssh-config}.test.ts',
    ],
  },
}

/** Minimum percentage of a group's detectable mutants that its tests must detect. */
export const LEAST_KILLED_PERCENT = 90
