/** The page from top to bottom: outcome, strip and charts on one time axis, then everything in words. */
import { useState } from 'preact/hooks';
import type { ReportView } from '../src/view/report-view.ts';
import { CursorBar } from './cursor-bar.tsx';
import { type Theme, useDark } from './look.ts';
import { Causes, DataTable, Mitigations, Section, Sources, Story } from './sections.tsx';
import { Strip } from './strip.tsx';
import { TimeChart } from './time-chart.tsx';
import { useWatch, type Watch } from './watch.ts';

/** The whole report. */
export function Report({ view }: { readonly view: ReportView }) {
  const [theme, setTheme] = useState<Theme>('auto');
  const isDark = useDark(theme);
  const watch = useWatch(view);
  return (
    <>
      <Head view={view} />
      <main>
        <section id="over-time" class="over-time" aria-label="Over time">
          <CursorBar view={view} watch={watch} theme={theme} setTheme={setTheme} />
          <Strip view={view} watch={watch} />
          {view.baseline !== undefined && (
            <p class="remark">
              <button type="button" aria-pressed={watch.showsBaseline} onClick={() => watch.toggleBaseline()}>
                baseline {watch.showsBaseline ? 'on' : 'off'}
              </button>{' '}
              dotted thin lines, and the second numbers: {view.baseline}
            </p>
          )}
          {view.charts.map((chart) => (
            <TimeChart key={chart.id} view={view} chart={chart} watch={watch} isDark={isDark} />
          ))}
          <p class="hint">
            Move over a chart to read all of them at one time. Drag to zoom, double-click to see everything again. Names
            in the legends turn lines on and off; with Shift only that line stays. Shaded: from the first user errors to
            the last recovery. Vertical line: the trigger.
          </p>
        </section>
        <Words view={view} watch={watch} />
      </main>
    </>
  );
}

function Head({ view }: { readonly view: ReportView }) {
  const { content } = view;
  return (
    <header>
      <h1>{content.title}</h1>
      <p class="outcome">{content.outcome}</p>
      <ul class="tiles">
        {view.tiles.map(({ title, value, detail, baseline }) => (
          <li key={title}>
            <span class="tile-title">{title}</span>
            <span class="tile-value">
              {value} {detail !== '' && <small>{detail}</small>}
            </span>
            {baseline !== undefined && <span class="tile-before">baseline {baseline}</span>}
          </li>
        ))}
      </ul>
      {content.warnings.length > 0 && (
        <ul class="warnings" aria-label="Be careful">
          {content.warnings.map((warning, index) => (
            <li key={index}>{warning}</li>
          ))}
        </ul>
      )}
      <nav aria-label="Parts of the report">
        {partsOf(view).map(([id, title]) => (
          <a key={id} href={`#${id}`}>
            {title}
          </a>
        ))}
      </nav>
    </header>
  );
}

function partsOf({ content }: ReportView): (readonly [id: string, title: string])[] {
  const all: (readonly [id: string, title: string, isThere: boolean])[] = [
    ['mitigated', 'Mitigated by', content.mitigations.length > 0],
    ['published', 'Published and simulated', content.comparison.rows.length > 0],
    ['numbers', 'In numbers', true],
    ['why', 'Why it began', content.causes.length > 0],
    ['loops', 'Why it went on', content.loops.rows.length > 0],
    ['owners', 'Clusters and products', true],
    ['story', 'What happened, when', content.story.length > 0],
    ['sources', 'Sources', content.sources.length > 0],
    ['again', 'How to have it again', true],
  ];
  return all.filter(([, , isThere]) => isThere).map(([id, title]) => [id, title] as const);
}

function Words({ view, watch }: { readonly view: ReportView; readonly watch: Watch }) {
  const { content } = view;
  const there = new Map(partsOf(view));
  const title = (id: string): string => there.get(id) ?? '';
  return (
    <div class="words">
      {there.has('mitigated') && (
        <Section id="mitigated" title={title('mitigated')}>
          <Mitigations content={content} />
        </Section>
      )}
      {there.has('published') && (
        <Section id="published" title={title('published')}>
          <DataTable table={content.comparison} label={title('published')} />
        </Section>
      )}
      <Section id="numbers" title={title('numbers')}>
        <DataTable table={content.measures} label={title('numbers')} />
      </Section>
      {there.has('why') && (
        <Section
          id="why"
          title={title('why')}
          remark="the first request of a user that failed, and what each link follows from"
        >
          <Causes content={content} watch={watch} />
        </Section>
      )}
      {there.has('loops') && (
        <Section id="loops" title={title('loops')} remark={content.loopRemark}>
          <DataTable table={content.loops} label={title('loops')} />
        </Section>
      )}
      <Section id="owners" title={title('owners')}>
        <DataTable table={content.clusters} label="clusters" />
        <DataTable table={content.products} label="products" />
      </Section>
      {there.has('story') && (
        <Section id="story" title={title('story')} remark={`times of day in ${view.clock.zone}`}>
          <Story content={content} watch={watch} />
        </Section>
      )}
      {there.has('sources') && (
        <Section
          id="sources"
          title={title('sources')}
          remark={`where the values of the scenario come from: ${content.sourceSummary}`}
        >
          <Sources content={content} />
        </Section>
      )}
      <Section id="again" title={title('again')} remark="the same engine, document and seed give the same digest">
        <pre>{content.replay}</pre>
        <p class="identity">{content.identity}</p>
      </Section>
    </div>
  );
}
