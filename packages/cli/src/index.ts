/**
 * The library for Node and Deno: `replay`, `compare`, `sweep`, `tip` and `plan` on all cores, and every other public name of
 * `@brownout/scenarios`. The studies themselves, which say which runs they want and never make them, are here
 * `compareStudy` and so on. Browsers use `@brownout/scenarios` directly.
 */
export { runInWorker, RunFailure, type BackgroundRun, type OnProgress } from './background-run.ts';
export { type RunInBackground, type RunRequest } from './background-run.ts';
export { chartSvg } from './charts/chart-svg.ts';
export { Beside, type BesideResult } from './library/beside.ts';
export { compare, Compared, sweep, Swept, type CompareOptions, type SweepOptions } from './library/comparisons.ts';
export { Calibrated, calibrateFiles, ImportedCluster, importFiles } from './library/from-files.ts';
export { replay, Replications, Run, type ReplayOptions } from './library/replay.ts';
export { type RunsOptions } from './library/runs.ts';
export { defineScenario, loadScenario, type ScenarioChanges, type ScenarioSource } from './library/scenario.ts';
export { plan, Planned, tip, Tipped, type PlanOptions, type TipOptions } from './library/searches.ts';
export { Chart, Shown, Table, type MimeBundle } from './library/shown.ts';
export { type StudyOptions } from './library/study.ts';
export { mergeTexts, type Merged, type NamedText } from './machines/merge.ts';
export { RedisMachines, type RedisMachinesOptions } from './machines/redis/sender.ts';
export { startWorker, type RunningWorker, type WorkerOptions } from './machines/redis/worker.ts';
export { conductOn } from './pool/conduct-on.ts';
export { RunsBroken, RunsStopped, type BrokenRun } from './pool/errors.ts';
export { createPool, type MakeOptions, type PoolOptions, type RunMaker, type RunPool } from './pool/pool.ts';
export { type MadeProgress } from './pool/progress-meter.ts';
export { openRecordFile, type RecordFile, type RecordFileOptions } from './store/record-file.ts';
export { remembering } from './store/remembering.ts';

// Studies that say which runs they want, and never make them.
export { compare as compareStudy, plan as planStudy, sweep as sweepStudy, tip as tipStudy } from '@brownout/scenarios';
export { type CompareOptions as CompareStudyOptions, type PlanOptions as PlanStudyOptions } from '@brownout/scenarios';
export { type SweepOptions as SweepStudyOptions, type TipOptions as TipStudyOptions } from '@brownout/scenarios';

// Charts, as Vega-Lite data.
export { besideChart, causesChart, colours, curveChart, forestChart, heatMapChart, laneOf } from '@brownout/scenarios';
export { latenciesChart, levelsOf, lineColours, overTimeChart, overviewChart, panels } from '@brownout/scenarios';
export { phaseChart, runChart, runChartNames, seatsChart, sharesChart, timelineChart } from '@brownout/scenarios';
export { timelineLanes, tipChart, type ChartedCauses, type ChartedClusters } from '@brownout/scenarios';
export { type ChartedRun, type ChartedTimeline, type ChartPart, type ChartSize } from '@brownout/scenarios';
export { type ChartSpec, type CurveOptions, type CurvePoint, type ForestOptions } from '@brownout/scenarios';
export { type ForestRow, type Json, type MapCell, type MapOptions, type NamedRun } from '@brownout/scenarios';
export { type OneClusterOptions, type Panel, type PhaseCell, type SharesOptions } from '@brownout/scenarios';
export { type SharesRow } from '@brownout/scenarios';

// Drills: roles, consoles, sessions, their files and debriefs.
export { abilities, actionTitles, boardIds, checkSetup, conductDebrief, debriefStudy } from '@brownout/scenarios';
export { defaultRoles, difficulties, difficultyNamed, drillCommands, drillFile } from '@brownout/scenarios';
export { drillOutcomeOf, drillSchema, DrillSession, FACILITATOR, isTraineeDeed } from '@brownout/scenarios';
export { longestDrillFile, longestLine, makeDrillRun, mostEntries, mostSeeds, mostTrainees } from '@brownout/scenarios';
export { ownDebrief, planOfLine, readDrillFile, readDrillScript, readDrillText } from '@brownout/scenarios';
export { replayDrill, rolesOf, scoreText, seedSpreadText, spareApiServersOf, traineeName } from '@brownout/scenarios';
export { type Ability, type AlertView, type BoardId, type BoardView, type Briefing } from '@brownout/scenarios';
export { type ButtonView, type ChangeView, type ChatMessage, type ConsoleContext } from '@brownout/scenarios';
export { type ConsoleLine, type ConsolePlan, type ConsoleText, type ConsoleView } from '@brownout/scenarios';
export { type CustomerPage, type Debrief, type DebriefOptions, type DebriefStudy } from '@brownout/scenarios';
export { type Decision, type DecisionVerdict, type Difficulty, type DifficultyId } from '@brownout/scenarios';
export { type DrillCommand, type DrillDocument, type DrillEntry, type DrillFile } from '@brownout/scenarios';
export { type DrillOutcome, type DrillRecord, type DrillRole, type DrillRun } from '@brownout/scenarios';
export { type DrillScore, type DrillScript, type DrillSessionOptions, type DrillSetup } from '@brownout/scenarios';
export { type DrillTruth, type DrillView, type Entered, type Facilitation, type HintsView } from '@brownout/scenarios';
export { type HintView, type PanelLine, type PanelView, type Participant } from '@brownout/scenarios';
export { type PlannedInput, type PlannedStep, type RankedRun, type ReplayedDrill } from '@brownout/scenarios';
export { type RunbookAction, type ScoreRow, type ScriptAction, type ScriptMoment } from '@brownout/scenarios';
export { type SeedSpread, type StatusPost, type TeamDeed, type Trainee, type TraineeDeed } from '@brownout/scenarios';
export { type ViewOptions } from '@brownout/scenarios';

// Studies: which runs they want, and what they make of them.
export { amountOf, answerCondition, assignmentOf, betterValue, chanceBound } from '@brownout/scenarios';
export { comparedMeasures, conduct, controlPlaneMeasures, documentAt, drawPriors } from '@brownout/scenarios';
export { headerLine, hiddenCapacity, holdsIn, inOrder, jobOf, judgeThresholds } from '@brownout/scenarios';
export { knownMeasures, makeReplication, measureKind, measureOf, measureValues, mostSets } from '@brownout/scenarios';
export { parseChoice, parseCondition, parseTipAxis, parseVary, partialComparison } from '@brownout/scenarios';
export { partialRankCorrelations, pathAxis, phaseDiagram, plannedRuns, planSets } from '@brownout/scenarios';
export { questionOf, readRecordLine, readRecords, RecordBook, recordSchema } from '@brownout/scenarios';
export { replicatedResult, replicationKey, replicationLine, replicationOf, runHere, runsOf } from '@brownout/scenarios';
export { seedAt, shardLine, shardOf, smallestRecoveryAction, staysBad, summariseMeasures } from '@brownout/scenarios';
export { sweepDesigns, thresholdsOf, unattended, usualMeasures, withoutTrigger, withPriors } from '@brownout/scenarios';
export { writtenValue, type AcceptanceBand, type ChanceBound, type ComparedMeasure } from '@brownout/scenarios';
export { type CompareResult, type Comparison, type Condition, type ConditionAnswer } from '@brownout/scenarios';
export { type ConditionOperator, type CostRanks, type Executor, type FactorCorrelation } from '@brownout/scenarios';
export { type FactorScreening, type FindRun, type Job, type MeasureOwners } from '@brownout/scenarios';
export { type MeasureValues, type PhaseDiagramResult, type PhaseStudyOptions } from '@brownout/scenarios';
export { type PlanChoice, type PlannedRun, type PlannedRuns, type PlanResult, type PlanRow } from '@brownout/scenarios';
export { type PlanSet, type Precision, type Prior, type Priors, type PriorValues } from '@brownout/scenarios';
export { type Question, type RecordHeader, type RecordLine, type RecordText } from '@brownout/scenarios';
export { type ReplicatedResult, type Replication, type RunHooks, type SeedRange } from '@brownout/scenarios';
export { type ShardPart, type Study, type SummarisedKpis, type SummarisedValues } from '@brownout/scenarios';
export { type SweepDesign, type SweepEffects, type SweepResult, type SweepRow } from '@brownout/scenarios';
export { type TipAxis, type TipResult, type TipRun, type Variant, type Varied } from '@brownout/scenarios';
export { type VariedUnit, type Wanted } from '@brownout/scenarios';

// Results as rows.
export { compareRows, csvText, ndjsonText, phaseRows, planRows, replicationRows, runRows } from '@brownout/scenarios';
export { runTables, sweepRows, tipRows, type Cell, type Row, type RunTable } from '@brownout/scenarios';

// Clusters read from what a real one says.
export { calibrate, formOfText, importCluster, readImport, type CalibratedRequest } from '@brownout/scenarios';
export { type CalibratedValue, type Calibration, type Imported, type ImportInput } from '@brownout/scenarios';
export { type ImportOptions, type ImportPart, type ImportReport, type ScrapePart } from '@brownout/scenarios';

// Incidents and templates.
export { incidents, incidentStudies, scenarioTemplates, type Incident, type IncidentStudy } from '@brownout/scenarios';

// Releases of Kubernetes and their metrics.
export { endOfMetrics, kubernetesReleases, openMetricsHead, openMetricsSamples, profiles } from '@brownout/scenarios';
export { simulatedLabels, type KubernetesRelease, type MetricDefinition, type MetricFamily } from '@brownout/scenarios';
export { type Profile, type ProfileName, type Scrape } from '@brownout/scenarios';

// Runs that somebody takes part in, branches of them, and what a page shows of them.
export { branchDifference, branchDocument, checkInput, checkLimits, consoleActions } from '@brownout/scenarios';
export { errorText, eventBudget, frameOf, FrameRecorder, FrameStore, isRunFile } from '@brownout/scenarios';
export { limitProblems, linkText, LiveRun, longestLink, NodeBits, NodeLease, nodeName } from '@brownout/scenarios';
export { NodeNames, pageLimits, readLink, readRunFile, reduced, reducedNodeHours } from '@brownout/scenarios';
export { reductionFactor, runFileText, ServerState, sharedRunDifference, sharedRunSchema } from '@brownout/scenarios';
export { type ActInput, type ApiCell, type ApiRow, type BranchChanges } from '@brownout/scenarios';
export { type BranchDifference, type BranchDocument, type CheckedInput, type ClientFrame } from '@brownout/scenarios';
export { type ClusterFrame, type ClusterLayout, type DnsFrame, type EtcdFrame } from '@brownout/scenarios';
export { type EventBudget, type FaultDocument, type FaultInput, type FiringAlert } from '@brownout/scenarios';
export { type Frame, type FrameLayout, type FrameOptions, type LevelFrame, type LiveAction } from '@brownout/scenarios';
export { type LiveAnswer, type LiveInput, type LiveRunOptions, type MeasureDifference } from '@brownout/scenarios';
export { type NoteInput, type ReadInput, type ReducedModel, type ReducedOptions } from '@brownout/scenarios';
export { type RunLimits, type SeenMetric, type ServerFrame, type SharedRun } from '@brownout/scenarios';
export { type SharedSource, type Verdict } from '@brownout/scenarios';

// Mitigations.
export { mitigationCostRanks, mitigations } from '@brownout/scenarios';

// What operators see and do.
export { metricCatalogue, pathsOf, readResources, type ActionName, type MetricName } from '@brownout/scenarios';
export { type MetricReference, type PlaybookAction, type ReadResource, type StepPath } from '@brownout/scenarios';

// Results as text.
export { afterText, catalogueText, clockText, compareText, debriefText, documentSummary } from '@brownout/scenarios';
export { drillAlertsText, drillBoardText, drillBriefingText, DrillNews, drillNewsText } from '@brownout/scenarios';
export { drillRunbookText, headline, momentText, phaseDiagramText, plainStyle, planAnswer } from '@brownout/scenarios';
export { planText, postmortemMarkdown, replicationsText, reportContent, reportMarkdown } from '@brownout/scenarios';
export { reportText, resultJson, runPhases, spanText, sweepText, thresholdText, tipAnswer } from '@brownout/scenarios';
export { tipText, type CatalogueOptions, type CompareTextOptions, type ContentMitigation } from '@brownout/scenarios';
export { type ContentTable, type DrillNewsLine, type DrillTextOptions } from '@brownout/scenarios';
export { type MarkdownOptions, type Paint, type PhaseTextOptions, type PlanTextOptions } from '@brownout/scenarios';
export { type ReplicationsTextOptions, type ReportContent, type ReportOptions } from '@brownout/scenarios';
export { type RunPhase, type StoryLine, type Style, type SweepTextOptions } from '@brownout/scenarios';
export { type ThresholdTextOptions, type TipTextOptions } from '@brownout/scenarios';

// Documents, runs and their results.
export { applyMitigations, assumed, clockOf, completeDocument, controlPlaneJsonSchema } from '@brownout/scenarios';
export { controlPlaneSummary, controlPlaneTable, defineMitigation, derived, didYouMean } from '@brownout/scenarios';
export { documented, DocumentError, documentHash, epochOf, freezeDeep, getPath } from '@brownout/scenarios';
export { isControlPlaneDocument, loadDocument, measured, measureDefinitions } from '@brownout/scenarios';
export { mitigationThemes, nearestName, parseControlPlane, parseFormula } from '@brownout/scenarios';
export { parseMitigationList, parseScenario, readTime, runControlPlane, runScenario } from '@brownout/scenarios';
export { runScraped, scenarioJsonSchema, setPath, sourcesOf, spreadOf, themeTitles } from '@brownout/scenarios';
export { type ActionDocument, type AgentsSection, type AppliedMitigation, type Assigned } from '@brownout/scenarios';
export { type BookRow, type BurstSection, type CauseLink, type ChosenMitigation } from '@brownout/scenarios';
export { type ClientDocument, type ClientResult, type ClientSection, type ComparisonRow } from '@brownout/scenarios';
export { type ControlPlaneDocument, type ControlPlaneResult, type ControlPlaneRun } from '@brownout/scenarios';
export { type ControlPlaneScenario, type CostFormula, type Dimension, type DocumentParts } from '@brownout/scenarios';
export { type DocumentProblem, type DocumentText, type DurationDistribution } from '@brownout/scenarios';
export { type DurationDistributionInput, type FailedResource, type FaultSection } from '@brownout/scenarios';
export { type FirstFailure, type FormulaVariables, type JsonSchema, type Kpis } from '@brownout/scenarios';
export { type KpiValues, type Latency, type LeaseResult, type LeasesSection, type Loop } from '@brownout/scenarios';
export { type LoopGain, type LoopId, type MeasureDefinition, type MeasureKind } from '@brownout/scenarios';
export { type Mitigated, type Mitigation, type MitigationDefinition } from '@brownout/scenarios';
export { type MitigationParameter, type MitigationParameters, type MitigationValues } from '@brownout/scenarios';
export { type ParameterValues, type Path, type PhaseResult, type PhaseSection } from '@brownout/scenarios';
export { type Position, type Reading, type ReductionSection, type RequestDocument } from '@brownout/scenarios';
export { type RequestSection, type RetryName, type RunControlPlaneOptions, type RunResult } from '@brownout/scenarios';
export { type RunScenarioOptions, type Scenario, type ScenarioDocument, type ScenarioDraft } from '@brownout/scenarios';
export { type ScenarioTemplate, type ScrapeOptions, type Series, type Source, type Sourced } from '@brownout/scenarios';
export { type SourcedEntry, type Spread, type Stated, type StepOptions, type StreamSection } from '@brownout/scenarios';
export { type TimedFaultSection, type TimelineEntry, type WatchersResult } from '@brownout/scenarios';
export { type WatchersSection } from '@brownout/scenarios';

export { engineVersion } from '@brownout/scenarios';
