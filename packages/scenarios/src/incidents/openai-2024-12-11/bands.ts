/**
 * What a replay of the incident is asked to meet, over 30 replications and more. The bands are our own, set around the
 * published times before the first comparison; numbers as in the dossier, which has more bands than a run can judge.
 */
import type { AcceptanceBand } from '../../experiment/band.ts';

const minute = 60;
/** Published: the rollout to all clusters ends at 15:20. */
const rolloutEnd = 29 * minute;

/** The bands. Numbers 5 and 6 rest on how long people need, which is assumed: they are calibrated. */
export const bands: readonly AcceptanceBand[] = [
  {
    id: '1-cpu',
    title: 'staging: API-server CPU rises by less than 15 points',
    runs: 'as-it-was',
    measure: 'stagingCpuRise',
    from: -1,
    to: 0.15,
    shownAs: 'points',
  },
  {
    id: '1-users',
    // Staging has no users of its own whose errors could be counted: what they would see is a name that fails.
    title: 'staging: no name fails, so nobody would notice',
    runs: 'as-it-was',
    measure: 'stagingNameFailureShare',
    from: 0,
    to: 0,
    shownAs: 'percent',
  },
  {
    id: '2-alert',
    title: 'first alert',
    runs: 'as-it-was',
    measure: 'firstAlert',
    from: 15 * minute,
    to: 30 * minute,
    shownAs: 'minutes',
    published: 22 * minute,
  },
  {
    id: '2-errors',
    title: 'first customer errors',
    runs: 'as-it-was',
    measure: 'firstUserError',
    from: 20 * minute,
    to: 32 * minute,
    shownAs: 'minutes',
    published: 25 * minute,
  },
  {
    id: '2-order',
    title: 'first customer errors after the first saturation of a control plane',
    runs: 'as-it-was',
    measure: 'errorsAfterSaturation',
    from: 1,
    to: 24 * 60 * minute,
    shownAs: 'minutes',
  },
  {
    id: '2-peak',
    title: 'peak of the impact',
    runs: 'as-it-was',
    measure: 'peakImpact',
    from: 42 * minute,
    to: 60 * minute,
    shownAs: 'minutes',
    published: 49 * minute,
  },
  {
    id: '3-lag',
    title: 'peak after the end of the rollout',
    runs: 'as-it-was',
    measure: 'peakImpact',
    origin: rolloutEnd,
    from: 15 * minute,
    to: 28 * minute,
    shownAs: 'minutes',
    published: 20 * minute,
  },
  {
    id: '5-success',
    title: 'roll-back alone: share of tries that succeed, below 10 %',
    runs: 'roll-back-only',
    measure: 'rollbackSuccessShare',
    from: 0,
    to: 0.1,
    shownAs: 'percent',
    isCalibrated: true,
  },
  {
    id: '5-time',
    title: 'roll-back alone: the last agent of any lost cluster stops later than 60 min after the first try',
    runs: 'roll-back-only',
    measure: 'rollbackSeconds',
    from: 60 * minute,
    to: Infinity,
    shownAs: 'minutes',
    isCalibrated: true,
  },
  {
    id: '6-first',
    title: 'first cluster recovered',
    runs: 'as-it-was',
    measure: 'firstClusterRecovered',
    from: 80 * minute,
    to: 130 * minute,
    shownAs: 'minutes',
    published: 105 * minute,
    isCalibrated: true,
  },
  {
    id: '6-all',
    title: 'all clusters recovered',
    runs: 'as-it-was',
    measure: 'lastClusterRecovered',
    from: 230 * minute,
    to: 340 * minute,
    shownAs: 'minutes',
    published: 287 * minute,
    isCalibrated: true,
  },
];
