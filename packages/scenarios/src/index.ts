/**
 * Public names of the package, one by one: scenario documents and what can be done with them, runs and their results,
 * incidents, mitigations, reports.
 */

// Charts, as Vega-Lite data.
export { besideChart, type NamedRun } from './charts/beside.ts';
export { causesChart, type ChartedCauses } from './charts/causes.ts';
export { curveChart, tipChart, type CurveOptions, type CurvePoint } from './charts/curve.ts';
export { forestChart, type ForestOptions, type ForestRow } from './charts/forest.ts';
export { latenciesChart } from './charts/latencies.ts';
export { heatMapChart, phaseChart, type MapCell, type MapOptions, type PhaseCell } from './charts/map.ts';
export { type ChartedClusters, type OneClusterOptions } from './charts/one-cluster.ts';
export { overTimeChart, panels, type ChartedRun, type Panel } from './charts/over-time.ts';
export { overviewChart } from './charts/overview.ts';
export { runChart, runChartNames } from './charts/run-chart.ts';
export { levelsOf, seatsChart } from './charts/seats.ts';
export { sharesChart, type SharesOptions, type SharesRow } from './charts/shares.ts';
export { colours, lineColours, type ChartPart, type ChartSize, type ChartSpec, type Json } from './charts/spec.ts';
export { laneOf, timelineChart, timelineLanes, type ChartedTimeline } from './charts/timeline.ts';

// Drills: roles, consoles, sessions, their files and debriefs.
export { actionTitles } from './drill/buttons.ts';
export { type DrillDocument } from './drill/colleagues.ts';
export { type Command as DrillCommand, type ConsoleContext, type ConsoleText } from './drill/console/command.ts';
export { type Plan as ConsolePlan, type PlannedInput, type PlannedStep } from './drill/console/command.ts';
export { type TeamDeed } from './drill/console/command.ts';
export { commands as drillCommands, planOfLine } from './drill/console/commands.ts';
export { mostSeeds, seedSpreadText } from './drill/debrief-seeds.ts';
export { conductDebrief, debriefStudy, ownDebrief, type DebriefOptions } from './drill/debrief-study.ts';
export { type DebriefStudy } from './drill/debrief-study.ts';
export { type Debrief, type Decision, type DecisionVerdict, type DrillScore, type RankedRun } from './drill/debrief.ts';
export { type ScoreRow, type SeedSpread } from './drill/debrief.ts';
export { difficulties, difficultyNamed, type Difficulty, type DifficultyId } from './drill/difficulty.ts';
export { drillFile, drillSchema, longestDrillFile, readDrillFile, readDrillText } from './drill/drill-file.ts';
export { replayDrill, type DrillFile, type ReplayedDrill } from './drill/drill-file.ts';
export { isTraineeDeed, longestLine, mostEntries, type DrillEntry, type Facilitation } from './drill/drill-log.ts';
export { type TraineeDeed } from './drill/drill-log.ts';
export { valueText as scoreText } from './drill/drill-postmortem.ts';
export { type DrillRecord, type RunbookAction } from './drill/drill-record.ts';
export { makeDrillRun, outcomeOf as drillOutcomeOf, type DrillOutcome, type DrillRun } from './drill/drill-run.ts';
export { readDrillScript, type DrillScript, type ScriptAction, type ScriptMoment } from './drill/drill-script.ts';
export { DrillSession, type DrillSessionOptions, type DrillTruth } from './drill/drill-session.ts';
export { checkSetup, FACILITATOR, mostTrainees, rolesOf, spareApiServersOf, traineeName } from './drill/drill-setup.ts';
export { type DrillSetup, type Trainee } from './drill/drill-setup.ts';
export { type AlertView, type BoardView, type Briefing, type ButtonView, type ChangeView } from './drill/drill-view.ts';
export { type ChatMessage, type ConsoleLine, type ConsoleView, type CustomerPage } from './drill/drill-view.ts';
export { type DrillView, type Entered, type HintsView, type HintView, type PanelLine } from './drill/drill-view.ts';
export { type PanelView, type StatusPost } from './drill/drill-view.ts';
export { type Participant } from './drill/participants.ts';
export { abilities, boardIds, defaultRoles, type Ability, type BoardId, type DrillRole } from './drill/roles.ts';
export { type ViewOptions } from './drill/view.ts';

// Studies: which runs they want, and what they make of them.
export { type AcceptanceBand } from './experiment/band.ts';
export { type Precision } from './experiment/compare-precision.ts';
export { betterValue, compare, comparedMeasures, partialComparison } from './experiment/compare.ts';
export { type ComparedMeasure, type CompareOptions, type CompareResult, type FindRun } from './experiment/compare.ts';
export { type Variant } from './experiment/compare.ts';
export { answerCondition, chanceBound, type ChanceBound, type ConditionAnswer } from './experiment/condition-answer.ts';
export { holdsIn, knownMeasures, measureKind, measureOf, parseCondition } from './experiment/condition.ts';
export { type Comparison, type Condition, type ConditionOperator, type MeasureOwners } from './experiment/condition.ts';
export { controlPlaneMeasures } from './experiment/control-plane-replication.ts';
export { sweepDesigns, type SweepDesign } from './experiment/design-points.ts';
export { amountOf, drawPriors, withPriors } from './experiment/draw.ts';
export { hiddenCapacity, phaseDiagram, unattended, withoutTrigger } from './experiment/hidden-capacity.ts';
export { type PhaseDiagramResult, type PhaseStudyOptions } from './experiment/hidden-capacity.ts';
export { partialRankCorrelations } from './experiment/partial-rank.ts';
export { mostSets, parseChoice, planSets, type CostRanks, type PlanChoice } from './experiment/plan-choices.ts';
export { type PlanSet } from './experiment/plan-choices.ts';
export { plan, type PlanOptions, type PlanResult, type PlanRow } from './experiment/plan.ts';
export { type Prior, type Priors, type PriorValues } from './experiment/prior.ts';
export { questionOf, staysBad, type Question } from './experiment/question.ts';
export { inOrder, readRecords, RecordBook, type RecordText } from './experiment/record-book.ts';
export { headerLine, readRecordLine, recordSchema, replicationLine, shardLine } from './experiment/record.ts';
export { type RecordHeader, type RecordLine } from './experiment/record.ts';
export { smallestRecoveryAction } from './experiment/recovery-action.ts';
export { replicatedResult, summariseMeasures, type ReplicatedResult } from './experiment/replicated-result.ts';
export { type SummarisedKpis, type SummarisedValues } from './experiment/replicated-result.ts';
export { jobOf, makeReplication, measureValues, replicationKey, replicationOf } from './experiment/replication.ts';
export { runsOf, seedAt, type Job, type MeasureValues, type Replication } from './experiment/replication.ts';
export { type RunHooks, type SeedRange, type Wanted } from './experiment/replication.ts';
export { plannedRuns, shardOf, type PlannedRun, type PlannedRuns, type ShardPart } from './experiment/shard.ts';
export { conduct, runHere, type Executor, type Study } from './experiment/study.ts';
export { type FactorCorrelation, type FactorScreening, type SweepEffects } from './experiment/sweep-effects.ts';
export { sweep, usualMeasures, type SweepOptions, type SweepResult, type SweepRow } from './experiment/sweep.ts';
export { judgeThresholds, thresholdsOf } from './experiment/threshold.ts';
export { parseTipAxis, pathAxis, type TipAxis } from './experiment/tip-axis.ts';
export { tip, type TipOptions, type TipResult, type TipRun } from './experiment/tip.ts';
export { assignmentOf, documentAt, parseVary, writtenValue, type Varied, type VariedUnit } from './experiment/vary.ts';

// Results as rows.
export { replicationRows, runRows, runTables, type Cell, type Row, type RunTable } from './export/rows.ts';
export { compareRows, phaseRows, planRows, sweepRows, tipRows } from './export/study-rows.ts';
export { csvText, ndjsonText } from './export/text-tables.ts';

// Clusters read from what a real one says.
export { calibrate, type CalibratedRequest, type CalibratedValue, type Calibration } from './import/calibrate.ts';
export { readImport, type ImportPart } from './import/evidence.ts';
export { type ScrapePart } from './import/exposition.ts';
export { importCluster, type Imported, type ImportOptions, type ImportReport } from './import/import.ts';
export { formOfText, type ImportInput } from './import/input.ts';

// Incidents and templates.
export { incidents, scenarioTemplates, type Incident } from './incidents/index.ts';
export { incidentStudies, type IncidentStudy } from './incidents/studies.ts';

// Releases of Kubernetes and their metrics.
export { type Labels, type MetricFamily, type MetricDefinition, type Scrape } from './kubernetes/metrics/metric.ts';
export { endOfMetrics, openMetricsHead, openMetricsSamples } from './kubernetes/metrics/open-metrics.ts';
export { simulatedLabels } from './kubernetes/metrics/open-metrics.ts';
export { kubernetesReleases, profiles, type KubernetesRelease, type Profile } from './kubernetes/profiles/release.ts';
export { type ProfileName } from './kubernetes/profiles/release.ts';

// Runs that somebody takes part in, branches of them, and what a page shows of them.
export { errorText, type ApiCell, type ApiRow, type LiveAnswer } from './live/answer.ts';
export { nodeName } from './live/api-view.ts';
export { branchDifference, type BranchDifference, type MeasureDifference } from './live/branch-difference.ts';
export { type Verdict } from './live/branch-difference.ts';
export { branchDocument, type BranchChanges, type BranchDocument } from './live/branch.ts';
export { checkInput, consoleActions, type CheckedInput } from './live/check-input.ts';
export { frameOf } from './live/frame-columns.ts';
export { FrameRecorder } from './live/frame-recorder.ts';
export { FrameStore } from './live/frame-store.ts';
export { NodeBits, NodeLease, NodeNames, ServerState, type ClientFrame, type ClusterFrame } from './live/frame.ts';
export { type ClusterLayout, type DnsFrame, type EtcdFrame, type Frame, type FrameLayout } from './live/frame.ts';
export { type FrameOptions, type LevelFrame, type ServerFrame } from './live/frame.ts';
export { type ActInput, type FaultDocument, type FaultInput, type LiveAction } from './live/live-input.ts';
export { type LiveInput, type NoteInput, type ReadInput } from './live/live-input.ts';
export { LiveRun, type FiringAlert, type LiveRunOptions, type SeenMetric } from './live/live-run.ts';
export { readLink, readRunFile } from './live/read-shared-run.ts';
export { reduced, reducedNodeHours, reductionFactor, type ReducedModel, type ReducedOptions } from './live/reduced.ts';
export { checkLimits, eventBudget, limitProblems, pageLimits, type EventBudget } from './live/run-limits.ts';
export { type RunLimits } from './live/run-limits.ts';
export { isRunFile, linkText, longestLink, runFileText, sharedRunDifference } from './live/shared-run.ts';
export { sharedRunSchema, type SharedRun, type SharedSource } from './live/shared-run.ts';

// Mitigations.
export { mitigationCostRanks } from './mitigations/cost-rank.ts';
export { mitigations } from './mitigations/index.ts';

// What operators see and do.
export { metricCatalogue, type MetricName, type MetricReference } from './operations/monitoring/metric-catalogue.ts';
export { readResources, type ReadResource } from './operations/playbook/console-reads.ts';
export { pathsOf, type ActionName, type PlaybookAction, type StepPath } from './operations/playbook/playbook.ts';

// Results as text.
export { catalogueText, type CatalogueOptions } from './report/catalogue.ts';
export { compareText, type CompareTextOptions } from './report/compare.ts';
export { reportContent, type ContentMitigation, type ContentTable, type ReportContent } from './report/content.ts';
export { type StoryLine } from './report/content.ts';
export { debriefText } from './report/debrief.ts';
export { documentSummary } from './report/document-summary.ts';
export { drillAlertsText, drillBoardText, drillBriefingText, drillRunbookText } from './report/drill-board.ts';
export { type DrillTextOptions } from './report/drill-board.ts';
export { DrillNews, drillNewsText, type DrillNewsLine } from './report/drill-news.ts';
export { headline } from './report/headline.ts';
export { resultJson } from './report/json.ts';
export { reportMarkdown, type MarkdownOptions } from './report/markdown.ts';
export { phaseDiagramText, type PhaseTextOptions } from './report/phase-diagram.ts';
export { runPhases, type RunPhase } from './report/phases.ts';
export { planAnswer, planText, type PlanTextOptions } from './report/plan.ts';
export { postmortemMarkdown } from './report/postmortem.ts';
export { replicationsText, type ReplicationsTextOptions } from './report/replications.ts';
export { reportText, type ReportOptions } from './report/report.ts';
export { plainStyle, type Paint, type Style } from './report/style.ts';
export { sweepText, type SweepTextOptions } from './report/sweep.ts';
export { thresholdText, type ThresholdTextOptions } from './report/thresholds.ts';
export { tipAnswer, tipText, type TipTextOptions } from './report/tip.ts';
export { afterText, clockText, momentText, spanText } from './report/words.ts';

// Documents, runs and their results.
export { clockOf, epochOf } from './scenario/clock.ts';
export { completeDocument } from './scenario/complete.ts';
export { type AgentsSection, type BurstSection, type ClientDocument } from './scenario/control-plane/document.ts';
export { type ClientSection, type ControlPlaneDocument } from './scenario/control-plane/document.ts';
export { type ControlPlaneScenario, type FaultSection, type LeasesSection } from './scenario/control-plane/document.ts';
export { type PhaseSection, type RequestDocument, type RequestSection } from './scenario/control-plane/document.ts';
export { type RetryName, type StreamSection, type WatchersSection } from './scenario/control-plane/document.ts';
export { type ClientResult, type ControlPlaneResult, type ControlPlaneRun } from './scenario/control-plane/result.ts';
export { type Latency, type LeaseResult, type PhaseResult, type Spread } from './scenario/control-plane/result.ts';
export { type WatchersResult } from './scenario/control-plane/result.ts';
export { runControlPlane, spreadOf, type RunControlPlaneOptions } from './scenario/control-plane/run.ts';
export { controlPlaneJsonSchema, isControlPlaneDocument, parseControlPlane } from './scenario/control-plane/schema.ts';
export { controlPlaneSummary, controlPlaneTable } from './scenario/control-plane/table.ts';
export { type Path } from './scenario/data-path.ts';
export { DocumentError, type DocumentProblem, type Position } from './scenario/document-error.ts';
export { type Scenario, type ScenarioDocument } from './scenario/document.ts';
export { type DurationDistribution, type DurationDistributionInput } from './scenario/duration-distribution.ts';
export { type FormulaVariables } from './scenario/formula-compiler.ts';
export { parseFormula, type CostFormula } from './scenario/formula.ts';
export { documentHash } from './scenario/hash.ts';
export { type JsonSchema } from './scenario/json-schema.ts';
export { freezeDeep, loadDocument, type DocumentText } from './scenario/load.ts';
export { measureDefinitions, type MeasureDefinition, type MeasureKind } from './scenario/measure-definitions.ts';
export { applyMitigations, defineMitigation, mitigationThemes, parseMitigationList } from './scenario/mitigation.ts';
export { themeTitles, type AppliedMitigation, type ChosenMitigation, type Mitigated } from './scenario/mitigation.ts';
export { type Mitigation, type MitigationDefinition, type MitigationParameter } from './scenario/mitigation.ts';
export { type MitigationParameters, type MitigationValues, type ParameterValues } from './scenario/mitigation.ts';
export { type ScenarioDraft } from './scenario/mitigation.ts';
export { didYouMean, nearestName } from './scenario/nearest-name.ts';
export { parseScenario, scenarioJsonSchema } from './scenario/parse.ts';
export { getPath, setPath, type Assigned } from './scenario/path.ts';
export { assumed, derived, documented, measured, sourcesOf, type Source, type Sourced } from './scenario/provenance.ts';
export { type SourcedEntry, type Stated } from './scenario/provenance.ts';
export { type BookRow, type CauseLink, type ComparisonRow, type FailedResource } from './scenario/result.ts';
export { type FirstFailure, type Kpis, type KpiValues, type RunResult, type Series } from './scenario/result.ts';
export { type TimelineEntry } from './scenario/result.ts';
export { runScenario, type RunScenarioOptions } from './scenario/run.ts';
export { type StepOptions } from './scenario/scenario-run.ts';
export { runScraped, type ScrapeOptions } from './scenario/scraped-run.ts';
export { type TimedFaultSection } from './scenario/sections/faults.ts';
export { type ActionDocument } from './scenario/sections/playbook-step.ts';
export { type ReductionSection } from './scenario/sections/reduction.ts';
export { type DocumentParts, type ScenarioTemplate } from './scenario/template.ts';
export { readTime, type Dimension, type Reading } from './scenario/units.ts';
export { type Loop, type LoopGain, type LoopId } from './scenario/why/loop.ts';

export { engineVersion } from './version.ts';
