/**
 * Public names of the package, one by one: scenario documents and what can be done with them, runs and their results,
 * incidents, mitigations, reports.
 */
export { besideChart, type NamedRun } from './charts/beside.ts';
export { causesChart, type ChartedCauses } from './charts/causes.ts';
export { curveChart, tipChart, type CurveOptions, type CurvePoint } from './charts/curve.ts';
export { forestChart, type ForestOptions, type ForestRow } from './charts/forest.ts';
export { heatMapChart, phaseChart, type MapCell, type MapOptions, type PhaseCell } from './charts/map.ts';
export { latenciesChart } from './charts/latencies.ts';
export type { ChartedClusters, OneClusterOptions } from './charts/one-cluster.ts';
export { overTimeChart, panels, type ChartedRun, type Panel } from './charts/over-time.ts';
export { overviewChart } from './charts/overview.ts';
export { runChart, runChartNames } from './charts/run-chart.ts';
export { levelsOf, seatsChart } from './charts/seats.ts';
export { sharesChart, type SharesOptions, type SharesRow } from './charts/shares.ts';
export { colours, lineColours, type ChartPart, type ChartSize, type ChartSpec, type Json } from './charts/spec.ts';
export { laneOf, timelineChart, timelineLanes, type ChartedTimeline } from './charts/timeline.ts';
export { runScraped, type ScrapeOptions } from './scenario/scraped-run.ts';
export { type Labels, type MetricFamily, type MetricDefinition, type Scrape } from './kubernetes/metrics/metric.ts';
export { replicationRows, runRows, runTables, type Cell, type Row, type RunTable } from './export/rows.ts';
export { calibrate, type CalibratedRequest, type CalibratedValue, type Calibration } from './import/calibrate.ts';
export { readImport, type ImportPart } from './import/evidence.ts';
export { type ScrapePart } from './import/exposition.ts';
export { importCluster, type Imported, type ImportOptions, type ImportReport } from './import/import.ts';
export { formOfText, type ImportInput } from './import/input.ts';
export { compareRows, phaseRows, planRows, sweepRows, tipRows } from './export/study-rows.ts';
export { csvText, ndjsonText } from './export/text-tables.ts';
export {
  endOfMetrics,
  openMetricsHead,
  openMetricsSamples,
  simulatedLabels,
} from './kubernetes/metrics/open-metrics.ts';
export { clockOf, epochOf } from './scenario/clock.ts';
export { actionTitles } from './drill/buttons.ts';
export { abilities, boardIds, defaultRoles, type Ability, type BoardId, type DrillRole } from './drill/roles.ts';
export { commands as drillCommands, planOfLine } from './drill/console/commands.ts';
export { mostSeeds, seedSpreadText } from './drill/debrief-seeds.ts';
export {
  conductDebrief,
  debriefStudy,
  ownDebrief,
  type DebriefOptions,
  type DebriefStudy,
} from './drill/debrief-study.ts';
export {
  type Debrief,
  type Decision,
  type DecisionVerdict,
  type DrillScore,
  type RankedRun,
  type ScoreRow,
  type SeedSpread,
} from './drill/debrief.ts';
export { difficulties, difficultyNamed, type Difficulty, type DifficultyId } from './drill/difficulty.ts';
export {
  drillFile,
  drillSchema,
  longestDrillFile,
  readDrillFile,
  readDrillText,
  replayDrill,
  type DrillFile,
  type ReplayedDrill,
} from './drill/drill-file.ts';
export {
  isTraineeDeed,
  longestLine,
  mostEntries,
  type DrillEntry,
  type Facilitation,
  type TraineeDeed,
} from './drill/drill-log.ts';
export { readDrillScript, type DrillScript, type ScriptAction, type ScriptMoment } from './drill/drill-script.ts';
export { valueText as scoreText } from './drill/drill-postmortem.ts';
export { type DrillRecord, type RunbookAction } from './drill/drill-record.ts';
export { makeDrillRun, outcomeOf as drillOutcomeOf, type DrillOutcome, type DrillRun } from './drill/drill-run.ts';
export { DrillSession, type DrillSessionOptions, type DrillTruth } from './drill/drill-session.ts';
export {
  checkSetup,
  FACILITATOR,
  mostTrainees,
  rolesOf,
  spareApiServersOf,
  traineeName,
  type DrillSetup,
  type Trainee,
} from './drill/drill-setup.ts';
export {
  type AlertView,
  type BoardView,
  type Briefing,
  type ButtonView,
  type ChangeView,
  type ChatMessage,
  type ConsoleLine,
  type ConsoleView,
  type CustomerPage,
  type DrillView,
  type Entered,
  type HintsView,
  type HintView,
  type PanelLine,
  type PanelView,
  type StatusPost,
} from './drill/drill-view.ts';
export { type DrillDocument } from './drill/colleagues.ts';
export { type Participant } from './drill/participants.ts';
export { type ViewOptions } from './drill/view.ts';
export {
  type Command as DrillCommand,
  type ConsoleContext,
  type ConsoleText,
  type Plan as ConsolePlan,
  type PlannedInput,
  type PlannedStep,
  type TeamDeed,
} from './drill/console/command.ts';
export { type AcceptanceBand } from './experiment/band.ts';
export {
  betterValue,
  compare,
  comparedMeasures,
  partialComparison,
  type ComparedMeasure,
  type CompareOptions,
  type CompareResult,
  type FindRun,
  type Variant,
} from './experiment/compare.ts';
export { type Precision } from './experiment/compare-precision.ts';
export { controlPlaneMeasures } from './experiment/control-plane-replication.ts';
export {
  replicatedResult,
  summariseMeasures,
  type ReplicatedResult,
  type SummarisedKpis,
  type SummarisedValues,
} from './experiment/replicated-result.ts';
export { judgeThresholds, thresholdsOf } from './experiment/threshold.ts';
export { compareText, type CompareTextOptions } from './report/compare.ts';
export { replicationsText, type ReplicationsTextOptions } from './report/replications.ts';
export { thresholdText, type ThresholdTextOptions } from './report/thresholds.ts';
export {
  holdsIn,
  knownMeasures,
  measureKind,
  measureOf,
  parseCondition,
  type Comparison,
  type Condition,
  type ConditionOperator,
  type MeasureOwners,
} from './experiment/condition.ts';
export {
  answerCondition,
  chanceBound,
  type ChanceBound,
  type ConditionAnswer,
} from './experiment/condition-answer.ts';
export { sweepDesigns, type SweepDesign } from './experiment/design-points.ts';
export { amountOf, drawPriors, withPriors } from './experiment/draw.ts';
export {
  hiddenCapacity,
  phaseDiagram,
  unattended,
  withoutTrigger,
  type PhaseDiagramResult,
  type PhaseStudyOptions,
} from './experiment/hidden-capacity.ts';
export { partialRankCorrelations } from './experiment/partial-rank.ts';
export {
  mostSets,
  parseChoice,
  planSets,
  type CostRanks,
  type PlanChoice,
  type PlanSet,
} from './experiment/plan-choices.ts';
export { plan, type PlanOptions, type PlanResult, type PlanRow } from './experiment/plan.ts';
export { type Prior, type Priors, type PriorValues } from './experiment/prior.ts';
export { questionOf, staysBad, type Question } from './experiment/question.ts';
export { smallestRecoveryAction } from './experiment/recovery-action.ts';
export { inOrder, readRecords, RecordBook, type RecordText } from './experiment/record-book.ts';
export {
  headerLine,
  readRecordLine,
  recordSchema,
  replicationLine,
  shardLine,
  type RecordHeader,
  type RecordLine,
} from './experiment/record.ts';
export { plannedRuns, shardOf, type PlannedRun, type PlannedRuns, type ShardPart } from './experiment/shard.ts';
export {
  jobOf,
  makeReplication,
  measureValues,
  replicationKey,
  replicationOf,
  runsOf,
  seedAt,
  type Job,
  type MeasureValues,
  type Replication,
  type RunHooks,
  type SeedRange,
  type Wanted,
} from './experiment/replication.ts';
export { conduct, runHere, type Executor, type Study } from './experiment/study.ts';
export {
  type FactorCorrelation,
  type FactorScreening,
  type SweepEffects,
} from './experiment/sweep-effects.ts';
export { sweep, usualMeasures, type SweepOptions, type SweepResult, type SweepRow } from './experiment/sweep.ts';
export {
  assignmentOf,
  documentAt,
  parseVary,
  writtenValue,
  type Varied,
  type VariedUnit,
} from './experiment/vary.ts';
export { parseTipAxis, pathAxis, type TipAxis } from './experiment/tip-axis.ts';
export { tip, type TipOptions, type TipResult, type TipRun } from './experiment/tip.ts';
export { incidents, scenarioTemplates, type Incident } from './incidents/index.ts';
export { incidentStudies, type IncidentStudy } from './incidents/studies.ts';
export {
  kubernetesReleases,
  type KubernetesRelease,
  type Profile,
  type ProfileName,
  profiles,
} from './kubernetes/profiles/release.ts';
export { errorText, type ApiCell, type ApiRow, type LiveAnswer } from './live/answer.ts';
export { nodeName } from './live/api-view.ts';
export { branchDocument, type BranchChanges, type BranchDocument } from './live/branch.ts';
export {
  branchDifference,
  type BranchDifference,
  type MeasureDifference,
  type Verdict,
} from './live/branch-difference.ts';
export { checkInput, consoleActions, type CheckedInput } from './live/check-input.ts';
export {
  NodeBits,
  NodeLease,
  NodeNames,
  ServerState,
  type ClientFrame,
  type ClusterFrame,
  type ClusterLayout,
  type DnsFrame,
  type EtcdFrame,
  type Frame,
  type FrameLayout,
  type FrameOptions,
  type LevelFrame,
  type ServerFrame,
} from './live/frame.ts';
export { frameOf } from './live/frame-columns.ts';
export { FrameRecorder } from './live/frame-recorder.ts';
export { FrameStore } from './live/frame-store.ts';
export {
  type ActInput,
  type FaultDocument,
  type FaultInput,
  type LiveAction,
  type LiveInput,
  type NoteInput,
  type ReadInput,
} from './live/live-input.ts';
export { LiveRun, type FiringAlert, type LiveRunOptions, type SeenMetric } from './live/live-run.ts';
export { readLink, readRunFile } from './live/read-shared-run.ts';
export { reduced, reducedNodeHours, reductionFactor, type ReducedModel, type ReducedOptions } from './live/reduced.ts';
export {
  checkLimits,
  eventBudget,
  limitProblems,
  pageLimits,
  type EventBudget,
  type RunLimits,
} from './live/run-limits.ts';
export {
  isRunFile,
  linkText,
  longestLink,
  runFileText,
  sharedRunDifference,
  sharedRunSchema,
  type SharedRun,
  type SharedSource,
} from './live/shared-run.ts';
export { type ReductionSection } from './scenario/sections/reduction.ts';
export { metricCatalogue, type MetricName, type MetricReference } from './operations/monitoring/metric-catalogue.ts';
export { readResources, type ReadResource } from './operations/playbook/console-reads.ts';
export { pathsOf, type ActionName, type PlaybookAction, type StepPath } from './operations/playbook/playbook.ts';
export { type ActionDocument } from './scenario/sections/playbook-step.ts';
export { type TimedFaultSection } from './scenario/sections/faults.ts';
export { type StepOptions } from './scenario/scenario-run.ts';
export { mitigationCostRanks } from './mitigations/cost-rank.ts';
export { mitigations } from './mitigations/index.ts';
export { catalogueText, type CatalogueOptions } from './report/catalogue.ts';
export {
  reportContent,
  type ContentMitigation,
  type ContentTable,
  type ReportContent,
  type StoryLine,
} from './report/content.ts';
export { documentSummary } from './report/document-summary.ts';
export { headline } from './report/headline.ts';
export { resultJson } from './report/json.ts';
export { reportMarkdown, type MarkdownOptions } from './report/markdown.ts';
export { phaseDiagramText, type PhaseTextOptions } from './report/phase-diagram.ts';
export { runPhases, type RunPhase } from './report/phases.ts';
export { debriefText } from './report/debrief.ts';
export {
  drillAlertsText,
  drillBoardText,
  drillBriefingText,
  drillRunbookText,
  type DrillTextOptions,
} from './report/drill-board.ts';
export { DrillNews, type DrillNewsLine, drillNewsText } from './report/drill-news.ts';
export { planAnswer, planText, type PlanTextOptions } from './report/plan.ts';
export { postmortemMarkdown } from './report/postmortem.ts';
export { reportText, type ReportOptions } from './report/report.ts';
export { plainStyle, type Paint, type Style } from './report/style.ts';
export { sweepText, type SweepTextOptions } from './report/sweep.ts';
export { tipAnswer, tipText, type TipTextOptions } from './report/tip.ts';
export { afterText, clockText, momentText, spanText } from './report/words.ts';
export { completeDocument } from './scenario/complete.ts';
export {
  type AgentsSection,
  type BurstSection,
  type ClientDocument,
  type ClientSection,
  type ControlPlaneDocument,
  type ControlPlaneScenario,
  type FaultSection,
  type LeasesSection,
  type PhaseSection,
  type RequestDocument,
  type RequestSection,
  type RetryName,
  type StreamSection,
  type WatchersSection,
} from './scenario/control-plane/document.ts';
export {
  type ClientResult,
  type ControlPlaneResult,
  type ControlPlaneRun,
  type Latency,
  type LeaseResult,
  type PhaseResult,
  type Spread,
  type WatchersResult,
} from './scenario/control-plane/result.ts';
export { runControlPlane, spreadOf, type RunControlPlaneOptions } from './scenario/control-plane/run.ts';
export {
  controlPlaneJsonSchema,
  isControlPlaneDocument,
  parseControlPlane,
} from './scenario/control-plane/schema.ts';
export { controlPlaneSummary, controlPlaneTable } from './scenario/control-plane/table.ts';
export { type Path } from './scenario/data-path.ts';
export { DocumentError, type DocumentProblem, type Position } from './scenario/document-error.ts';
export { type DurationDistribution, type DurationDistributionInput } from './scenario/duration-distribution.ts';
export { parseFormula, type CostFormula } from './scenario/formula.ts';
export { type FormulaVariables } from './scenario/formula-compiler.ts';
export { documentHash } from './scenario/hash.ts';
export { type JsonSchema } from './scenario/json-schema.ts';
export { freezeDeep, loadDocument, type DocumentText } from './scenario/load.ts';
export { measureDefinitions, type MeasureDefinition, type MeasureKind } from './scenario/measure-definitions.ts';
export {
  applyMitigations,
  defineMitigation,
  mitigationThemes,
  parseMitigationList,
  themeTitles,
  type AppliedMitigation,
  type ChosenMitigation,
  type Mitigated,
  type Mitigation,
  type MitigationDefinition,
  type MitigationParameter,
  type MitigationParameters,
  type MitigationValues,
  type ParameterValues,
  type ScenarioDraft,
} from './scenario/mitigation.ts';
export { didYouMean, nearestName } from './scenario/nearest-name.ts';
export { parseScenario, scenarioJsonSchema } from './scenario/parse.ts';
export { type DocumentParts, type ScenarioTemplate } from './scenario/template.ts';
export { getPath, setPath, type Assigned } from './scenario/path.ts';
export {
  assumed,
  derived,
  documented,
  measured,
  sourcesOf,
  type Source,
  type Sourced,
  type SourcedEntry,
  type Stated,
} from './scenario/provenance.ts';
export {
  type BookRow,
  type CauseLink,
  type ComparisonRow,
  type FailedResource,
  type FirstFailure,
  type Kpis,
  type KpiValues,
  type RunResult,
  type Series,
  type TimelineEntry,
} from './scenario/result.ts';
export { runScenario, type RunScenarioOptions } from './scenario/run.ts';
export { type Scenario, type ScenarioDocument } from './scenario/document.ts';
export { readTime, type Dimension, type Reading } from './scenario/units.ts';
export { type Loop, type LoopGain, type LoopId } from './scenario/why/loop.ts';
export { engineVersion } from './version.ts';
