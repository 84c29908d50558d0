import type { KubernetesRelease } from '../profiles/release.ts';
import { metricNamed } from './catalogue.ts';
import type { HistogramSample, Labels, MetricFamily, NumberSample } from './metric.ts';

/** Gathers the samples of one scrape; labels come out in the order in which the metric declares them. */
export class FamilyList {
  readonly #release: KubernetesRelease;
  readonly #families: MetricFamily[] = [];

  constructor(release: KubernetesRelease) {
    this.#release = release;
  }

  /** Families with at least one sample, in the order they were added. */
  get families(): readonly MetricFamily[] {
    return this.#families;
  }

  /** Adds the numbers of a counter or gauge. A metric the release does not export, or without samples, is left out. */
  numbers(name: string, samples: readonly NumberSample[]): void {
    const definition = metricNamed(name, this.#release);
    if (definition === undefined || samples.length === 0) return;
    this.#families.push({
      definition,
      samples: samples.map(({ labels, value }) => ({ labels: declared(definition, labels), value })),
    });
  }

  /** Adds one number without labels. */
  number(name: string, value: number | undefined): void {
    this.numbers(name, value === undefined ? [] : [{ labels: {}, value }]);
  }

  /** Adds histograms; those that nothing was observed in are left out, as upstream does. */
  histograms(name: string, histograms: readonly HistogramSample[]): void {
    const definition = metricNamed(name, this.#release);
    const filled = histograms.filter(({ cumulative }) => (cumulative.at(-1) ?? 0) > 0);
    if (definition === undefined || filled.length === 0) return;
    this.#families.push({
      definition,
      histograms: filled.map((one) => ({ ...one, labels: declared(definition, one.labels) })),
    });
  }
}

/** The labels that the metric declares; missing ones are empty. */
function declared({ labels: names }: MetricFamily['definition'], labels: Labels): Labels {
  return Object.fromEntries(names.map((name) => [name, labels[name] ?? '']));
}
