/** Commands of package.json, and those that only our own lenses, actions and panel call. */
export const commandIds = {
  openSimulation: 'failoverLens.openSimulation',
  analyseTopicsOutput: 'failoverLens.analyseTopicsOutput',
  createClusterFile: 'failoverLens.createClusterFile',
  showLog: 'failoverLens.showLog',
  /** Internal: writes `off` for a rule into the settings. */
  disableRule: 'failoverLens.disableRule',
} as const;
