export const demoText = {
  simulated: 'Demo: these pods are simulated on this computer and cost nothing.',
  leave: 'Leave demo',
  couldNotLeave: 'Couldn’t leave the demo',
} as const
