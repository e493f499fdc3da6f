export const popoverText = {
  filter: (count: number) => `Filter ${count} pods`,
  newPod: 'New pod',
  openWindow: 'Open window',
  couldNotOpenWindow: 'Couldn’t open the window',
  demo: 'Demo',
  refresh: 'Refresh now',
  couldNotRefresh: 'Couldn’t refresh',
  next: 'Next',
  close: (pod: string) => `Close ${pod}`,
  approximately: 'approx.',
} as const
