/** The written parts of the report: tables, the story, causes, mitigations, sources. */
import type { ComponentChildren } from 'preact';
import type { ContentTable, ReportContent } from '@brownout/scenarios';
import { afterText } from './time.ts';
import type { Watch } from './watch.ts';

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly remark?: string;
  readonly children: ComponentChildren;
}

/** A part with its heading. */
export function Section({ id, title, remark, children }: SectionProps) {
  return (
    <section id={id} class="part">
      <h2>{title}</h2>
      {remark !== undefined && remark !== '' && <p class="remark">{remark}</p>}
      {children}
    </section>
  );
}

/** A table of texts; nothing when it has no rows. */
export function DataTable({ table, label }: { readonly table: ContentTable; readonly label: string }) {
  return (
    <div class="scroll">
      <table aria-label={label}>
        <thead>
          <tr>
            {table.columns.map(({ title, align }) => (
              <th key={title} scope="col" class={align}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} class={table.columns[column]?.align}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What happened, in order; a click on a time moves the cursor there. */
export function Story({ content, watch }: { readonly content: ReportContent; readonly watch: Watch }) {
  return (
    <ol class="story">
      {content.story.map((line, index) => (
        <li key={index} class={line.isPublished ? 'published' : `kind-${line.kind}`}>
          <button type="button" onClick={() => watch.setCursor(line.t)} title="move the time cursor here">
            {line.clock}
          </button>
          <span class="after">{line.after}</span>
          <span class="text">
            {line.isPublished && <b>published: </b>}
            {line.text}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The chain of causes, from the failed request back to the trigger. */
export function Causes({ content, watch }: { readonly content: ReportContent; readonly watch: Watch }) {
  return (
    <ol class="causes">
      {content.causes.map(({ t, clock, cluster, text, because = '', kind }, index) => (
        <li key={index} class={index > 0 && kind !== 'users' ? 'because' : 'start'}>
          <button type="button" onClick={() => watch.setCursor(t)} title="move the time cursor here">
            {clock}
          </button>
          <span class="after">{afterText(t)}</span>
          <span class="text">
            {index > 0 && kind !== 'users' && <b>because </b>}
            {cluster !== undefined && `${cluster}: `}
            {text}
            {because !== '' && <em>{because}</em>}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Each mitigation with what it changed in the document. */
export function Mitigations({ content }: { readonly content: ReportContent }) {
  return (
    <dl class="mitigations">
      {content.mitigations.map(({ id, title, parameters, difference }) => (
        <div key={id}>
          <dt>
            {title} <span class="note">{parameters === '' ? id : `${id}: ${parameters}`}</span>
          </dt>
          {difference.length === 0 && <dd class="warning">changes nothing in this scenario</dd>}
          {difference.map((line, index) => (
            <dd key={index}>
              <code>{line}</code>
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

const sourceOrder = ['assumed', 'derived', 'documented', 'measured'];

/** Where numbers come from: assumed ones open, the others folded. */
export function Sources({ content }: { readonly content: ReportContent }) {
  return (
    <>
      {sourceOrder.map((source) => {
        const entries = content.sources.filter((entry) => entry.source === source);
        if (entries.length === 0) return null;
        const columns = ['where', 'value', 'why'].map((title) => ({ title, align: 'left' as const }));
        const rows = entries.map(({ path, text, note }) => [path, text, note]);
        return (
          <details key={source} class="sources">
            <summary>
              {source} <span class="note">{rows.length} entries</span>
            </summary>
            <DataTable table={{ columns, rows }} label={`${source} values`} />
          </details>
        );
      })}
    </>
  );
}
